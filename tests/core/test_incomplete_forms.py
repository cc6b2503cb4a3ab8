"""Forms of the admin that arrive without some of their fields: a clear answer, nothing kept, and no fault hidden."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from wagtail.blocks import BlockField
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from core.models import Navigation, SiteDocument
from core.request_limits import NOT_WHOLE, UNREADABLE, RequestLimitsMiddleware, _is_not_whole
from news.models import NewsArticlePage
from tests import factories as make

WORDS = {"title": "A report", "tags": "", "summary": "", "collection": "1"}
APPS = ("home", "news", "programmes", "changemaking", "newsletter")
MIDDLEWARE = RequestLimitsMiddleware(lambda request: BadRequest)


@pytest.fixture
def strangely(admin_client: Client) -> Client:
    """A superuser's browser that sees the site's own answers to faults."""
    admin_client.raise_request_exception = False
    return admin_client


class PickyForm(forms.Form):
    """A form that fails, as some of Wagtail's do, when a field is not there, and also of itself."""

    name = forms.CharField()
    file = forms.FileField(required=False)
    is_urgent = forms.BooleanField(required=False)

    def clean(self) -> Any:
        return self.cleaned_data["name"] + self.cleaned_data.get("nonsense")


class TrustingForm(PickyForm):
    def clean(self) -> Any:
        raise self.error

    error: Exception


def failure_of(form: forms.Form) -> Exception:
    with pytest.raises(Exception) as raised:
        form.is_valid()
    return raised.value


def status(error: Exception, path: str = "/admin/pages/3/edit/", method: str = "post") -> int:
    request = getattr(RequestFactory(), method)(path)
    answer = MIDDLEWARE.process_exception(request, error)
    return answer.status_code if answer else 500


def test_what_fails_for_want_of_a_field_is_a_bad_request() -> None:
    assert status(failure_of(PickyForm(QueryDict("")))) == 400
    assert status(failure_of(PickyForm(QueryDict("name=Ada", mutable=False), prefix="other"))) == 400
    with pytest.raises(KeyError) as raised:
        QueryDict("a=1")["b"]
    assert status(raised.value) == 400
    assert status(raised.value, method="get") == 400


def test_what_fails_with_all_fields_at_hand_is_a_fault() -> None:
    # Nobody sends a box that is not ticked, nor a file that was not chosen.
    assert status(failure_of(PickyForm(QueryDict("name=Ada")))) == 500


@pytest.mark.parametrize("error", [AssertionError("ours"), ConnectionError("a service"), RuntimeError("ours")])
def test_a_fault_of_another_kind_stays_one_whatever_was_sent(error: Exception) -> None:
    form = TrustingForm(QueryDict(""))
    form.error = error
    assert status(failure_of(form)) == 500


def test_a_fault_elsewhere_stays_one_whatever_was_sent() -> None:
    form = forms.Form(QueryDict(""))
    form.fields["name"] = forms.CharField()
    assert not form.is_valid()
    with pytest.raises(AttributeError) as raised:
        form.cleaned_data.get("name").strip()
    assert status(raised.value) == 500


def test_outside_the_admin_nothing_is_answered_for() -> None:
    assert status(failure_of(PickyForm(QueryDict(""))), path="/newsletter/") == 500


@pytest.mark.parametrize(
    "address",
    [
        "/admin/pages/{news}/edit/",
        "/admin/pages/{article}/edit/",
        "/admin/pages/{story}/edit/",
        "/admin/pages/{article}/copy/",
        "/admin/settings/core/sitesettings/{site}/",
        "/admin/settings/core/navigation/{site}/",
        "/admin/redirects/add/",
    ],
)
def test_a_form_as_browsers_send_it_is_whole(tree: Any, strangely: Client, address: str) -> None:
    """So that what fails with it is told of as a fault."""
    keys = {"news": tree.news.pk, "site": tree.home.get_site().pk}
    keys |= {"article": make.NewsArticlePageFactory().pk, "story": make.CaseStoryPageFactory().pk}
    answer = strangely.get(address.format(**keys))
    form: Any = answer.context["form"]
    # Those that a script moves to their place stand in templates. Streams are drawn by scripts, with a count for each.
    names = re.findall(r'<(?:input|select|textarea)\b[^>]* name="([^"]+)"', answer.content.decode())
    streams = [f"{name}-count" for name, field in form.fields.items() if isinstance(field, BlockField)]
    form.data, form.files = dict.fromkeys(names + streams, ""), {}
    assert not _is_not_whole(form)
    form.data = {}
    assert _is_not_whole(form)


def cut_short(page: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Forms of a page as they are when a connection or a program cuts them, by what is left."""
    yield "nothing", {}
    yield "one field", {"title": "Cut"}
    whole = nested_form_data(
        {"title": "Cut", "slug": page.slug, "introduction": "", "body": streamfield([("heading", {"text": "Words"})])}
    )
    yield "no heading's level", whole
    yield "no block", {name: value for name, value in whole.items() if not name.startswith("body-0")}
    yield "no end of the stream", {name: value for name, value in whole.items() if name != "body-count"}


def test_a_page_keeps_what_it_had_when_its_form_was_cut_short(tree: Any, strangely: Client) -> None:
    page = make.NewsArticlePageFactory(title="Whole")
    for name in ("edit", "preview_on_edit"):
        for said, data in cut_short(page):
            answer = strangely.post(reverse(f"wagtailadmin_pages:{name}", args=[page.pk]), data)
            assert answer.status_code in (200, 400), (name, said)
    assert NewsArticlePage.objects.get(pk=page.pk).title == "Whole"
    assert not page.revisions.exists()


def test_what_happened_is_said_and_logged(tree: Any, strangely: Client, caplog: Any) -> None:
    answer = strangely.post(reverse("wagtailadmin_pages:edit", args=[tree.about.pk]), {"title": "Cut"})
    assert (answer.status_code, answer.content.decode()) == (400, NOT_WHOLE)
    assert "no-store" in answer["Cache-Control"]
    assert "a form that is not whole" in caplog.text
    assert "Cut" not in caplog.text


def test_what_a_script_wrote_wrongly_is_no_fault(tree: Any, strangely: Client) -> None:
    about = tree.about.pk
    for path, data in {
        f"/admin/pages/{about}/edit/": {"title": "Cut", "slug": "about", "body-count": "many"},
        f"/admin/pages/{about}/copy/": {"new_title": "Two", "new_slug": "two", "new_parent_page": "there"},
        f"/admin/pages/{about}/lock/": {"next": "nowhere"},
    }.items():
        answer = strangely.post(path, data)
        assert (answer.status_code, answer.content.decode()) == (400, UNREADABLE), path


def test_a_name_of_a_view_that_is_ours_to_know_stays_a_fault() -> None:
    request = RequestFactory().post("/admin/", {"next": "/admin/pages/"})
    assert MIDDLEWARE.process_exception(request, NoReverseMatch("Reverse for 'editorial-calender' not found")) is None


def test_a_value_of_ours_that_a_query_cannot_take_stays_a_fault() -> None:
    request = RequestFactory().post("/admin/", {"name": "Ada"})
    for value, expected in {"Ada": 400, "ours": None}.items():
        with pytest.raises(ValueError, match="expected a number") as raised:
            Page.objects.filter(pk=value)
        answer = MIDDLEWARE.process_exception(request, raised.value)
        assert (answer.status_code if answer else None) == expected


def test_one_of_several_documents_gets_its_words_later(strangely: Client, admin_user: Any) -> None:
    """As when the title that was made of a file's name is too long."""
    sent = {"files[]": SimpleUploadedFile("report.pdf", b"%PDF-1.7 words"), "title": "x" * 300}
    ajax = {"headers": {"X-Requested-With": "XMLHttpRequest"}}
    key = strangely.post("/admin/documents/multiple/add/", sent, **ajax).json()["uploaded_file_id"]
    address = reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[key])
    answer = strangely.post(address, {}, **ajax)
    assert (answer.status_code, answer.json()["success"]) == (200, False)
    fields = {f"uploaded-document-{key}-{name}": value for name, value in WORDS.items()}
    assert strangely.post(address, fields, **ajax).json()["success"]
    assert SiteDocument.objects.get().title == WORDS["title"]


def test_the_menu_keeps_its_links_when_its_form_was_cut_short(tree: Any, strangely: Client) -> None:
    link = {"page": tree.about, "address": "", "label": ""}
    kept = Navigation.objects.create(site=tree.home.get_site(), menu=[("link", link)])
    address = f"/admin/settings/core/navigation/{kept.site_id}/"
    for data in ({}, {"menu-count": "0"}, {"menu-count": "1", "footer-count": "0"}):
        assert strangely.post(address, data).status_code == 400
    assert len(Navigation.objects.get().menu) == 1


def test_a_copy_without_a_place_is_not_made(tree: Any, strangely: Client) -> None:
    before = Page.objects.count()
    answer = strangely.post(f"/admin/pages/{tree.about.pk}/copy/", {"new_title": "Two", "new_slug": "two"})
    assert (answer.status_code, Page.objects.count()) == (400, before)


def test_a_chooser_without_a_form_makes_nothing(tree: Any, strangely: Client) -> None:
    address = reverse("wagtailsnippetchoosers_programmes_theme:create")
    assert {strangely.get(address).status_code, strangely.post(address, {"name": "Housing"}).status_code} == {404}


def test_nobody_tries_out_how_the_site_fails(strangely: Client) -> None:
    assert strangely.get("/admin/failwhale/").status_code == 404


def test_our_own_views_ask_for_nothing_that_may_be_missing() -> None:
    """A name that is misspelt there would be taken for a field that was not sent."""
    root = Path(settings.BASE_DIR)
    ours = [*root.glob("site/**/*.py"), *(path for app in APPS for path in root.glob(f"{app}/**/*.py"))]
    assert len(ours) > 100
    assert not [path for path in ours if re.search(r"\.(GET|POST|FILES)\[", path.read_text())]
