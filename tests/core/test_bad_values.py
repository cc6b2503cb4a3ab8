"""Values that no field and no database can hold, in every part of a request: a clear answer, on either database."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import BadRequest
from django.core.paginator import EmptyPage
from django.db import DataError, IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from core.request_limits import UNREADABLE, RequestLimitsMiddleware
from tests.roles.asking import without_pages_drawn

HUGE = str(10**30)
VALUES = ["\x00", "a\x00b", HUGE, "-1", "²", "٣", "9" * 5000, "'"]

# Lists, choosers and actions of the admin, with the arguments that they read.
ADMIN = {
    "wagtailadmin_explore_root": ("q", "p", "ordering", "content_type", "owner", "edited_by", "site"),
    "wagtailadmin_pages:search": ("q", "p", "ordering", "content_type"),
    "wagtailadmin_api:pages:listing": ("search", "child_of", "limit", "offset", "order", "type", "title", "id"),
    "wagtailadmin_api:images:listing": ("search", "limit", "offset", "title"),
    "wagtailadmin_choose_page": ("q", "p", "page_type"),
    "wagtailadmin_choose_page_search": ("q", "p"),
    "wagtailadmin_choose_page_chosen_multiple": ("id",),
    "wagtailimages:index": ("q", "p", "collection_id", "tag"),
    "wagtailimages_chooser:choose_results": ("q", "p", "collection_id"),
    "wagtailimages_chooser:chosen_multiple": ("id",),
    "wagtaildocs:index": ("q", "p", "collection_id"),
    "wagtaildocs_chooser:chosen_multiple": ("id",),
    "wagtailusers_users:index": ("q", "p", "group"),
    "wagtailredirects:index": ("q", "p", "is_permanent", "site"),
    "wagtailadmin_reports:site_history": ("user", "object_type", "label", "p", "timestamp_from"),
    "wagtailadmin_reports:aging_pages": ("content_type", "last_published_at_from", "p"),
    "newsletter_subscriber_modeladmin_index": ("q", "p", "state", "o"),
    "newsletter_campaign_modeladmin_index": ("q", "p"),
    "broken-links": ("q", "p", "fault", "type", "ignored"),
    "pages-that-need-care": ("q", "p", "lacks", "type"),
    "searches_report": ("q", "p", "day_from", "ordering"),
    "feedback-report": ("p", "ordering"),
    "editorial-calendar": ("month",),
}


def ask(client: Client, path: str, **arguments: Any) -> int:
    """The status of an answer. What the database refuses does not spoil the test's own transaction."""
    with transaction.atomic():
        status = client.get(path, **arguments).status_code
        transaction.set_rollback(True)
    return status


@pytest.fixture
def strangely(admin_client: Client) -> Client:
    """A superuser's browser that sees the site's own answers to faults."""
    admin_client.raise_request_exception = False
    return admin_client


@pytest.mark.parametrize("name", ADMIN)
def test_no_argument_is_a_fault_in_the_admin(tree: Any, strangely: Client, name: str) -> None:
    with without_pages_drawn():
        for value in VALUES:
            for argument in ADMIN[name]:
                status = ask(strangely, reverse(name), QUERY_STRING=urlencode({argument: value}))
                assert status in (200, 302, 400, 404), f"{argument}={value[:20]!r}"


def test_no_key_is_a_fault_in_an_action_on_many(tree: Any, strangely: Client) -> None:
    for model, action in (("wagtailcore/page", "publish"), ("core/siteimage", "delete"), ("core/user", "delete")):
        for value in VALUES:
            status = ask(strangely, f"/admin/bulk/{model}/{action}/", QUERY_STRING=urlencode({"id": value}))
            assert status in (200, 302, 400, 404), f"{model}: {value[:20]!r}"


def test_what_is_wrong_with_a_value_is_said(tree: Any, strangely: Client, caplog: Any) -> None:
    answer = strangely.get("/admin/choose-page/chosen-multiple/?id=ada@example.org")
    assert (answer.status_code, answer.content.decode()) == (400, UNREADABLE)
    assert "no-store" in answer["Cache-Control"]
    assert "a value that cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("method", "address", "error", "status"),
    [
        ("get", "/about/", DataError("PostgreSQL text fields cannot contain NUL"), 400),
        ("post", "/admin/pages/3/edit/", DataError("integer out of range"), 400),
        ("get", "/about/?x=1", OverflowError("Python int too large to convert to SQLite INTEGER"), 400),
        ("get", "/about/?x=1", OverflowError("date value out of range"), None),
        ("get", "/admin/?p=0", EmptyPage(), 400),
        ("get", "/admin/?p=x", ValueError("invalid literal"), 400),
        ("get", "/admin/?offset=1000000", OverflowError("Python int too large to convert to C int"), 400),
        ("get", "/admin/api/main/pages/?offset=1", IntegrityError("datatype mismatch"), 400),
        ("get", "/admin/", ValueError("a fault of ours"), None),
        ("post", "/admin/?p=x", ValueError("a fault of ours"), None),
        ("get", "/about/?p=x", ValueError("a fault of ours"), None),
        ("get", "/admin/?p=x", KeyError("a fault of ours"), None),
    ],
)
def test_faults_of_ours_stay_faults(method: str, address: str, error: Exception, status: int | None) -> None:
    middleware = RequestLimitsMiddleware(lambda request: BadRequest)
    answer = middleware.process_exception(getattr(RequestFactory(), method)(address), error)
    assert (answer.status_code if answer else None) == status


@pytest.mark.parametrize("path", ["/", "/search/", "/news/", "/admin/login/", "/no/such/page/", "/documents/1/x.pdf"])
def test_no_cookie_is_a_fault(tree: Any, strangely: Client, settings: Any, path: str) -> None:
    client = Client(raise_request_exception=False)
    for value in ('"' + "a" * 32 + '\\000"', "a" * 10_000, '"\\377\\000"', "é" * 32, "'; --"):
        for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "x"):
            header = f"{name}={value}".encode().decode("latin-1")
            assert ask(client, path, HTTP_COOKIE=header) < 500, (name, value[:20])


@pytest.mark.parametrize("query", ["%00", "a=%00", "%ff=%fe%00", "a=" + "%00" * 300])
def test_an_old_address_is_looked_for_whatever_stands_behind_it(tree: Any, query: str) -> None:
    Redirect.objects.create(old_path="/old", redirect_page=tree.about)
    client = Client(raise_request_exception=False)
    assert ask(client, "/no/such/page/", QUERY_STRING=query) == 404
    assert ask(client, "/old/", QUERY_STRING=query) in (301, 404)


def test_a_text_of_an_editor_with_a_nul_is_no_fault(tree: Any, strangely: Client) -> None:
    """In a rich text the sign stands as its code, which a form's own check of texts does not see."""
    text = rich_text("<p>words</p>").replace("words", "wo\\u0000rds")
    assert "\\u0000" in text
    fields = {"title": "About", "slug": "about", "introduction": "", "body": streamfield([("text", text)])}
    for more in ({}, {"action-publish": "1"}):
        with transaction.atomic():
            address = reverse("wagtailadmin_pages:edit", args=[tree.about.pk])
            answer = strangely.post(address, nested_form_data(fields | more))
            transaction.set_rollback(True)
        assert answer.status_code in (200, 302, 400)
