"""What people without an account see by a link to a draft, and when they see nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, Page, get_page_models

from core.logs import scrub_text
from core.models import BasePage
from drafts.jobs import forget_old_links
from drafts.models import SharedDraft, signer
from tests import factories as make
from tests.html import all_pages, problems
from tests.wsgi_browser import WsgiBrowser

CANARY = "Zanzibar"
WEEK = timedelta(days=7)


@pytest.fixture
def draft(tree: Any, editor: Any) -> Any:
    """A published page with a draft that readers do not see yet."""
    page = make.NewsArticlePageFactory(title="As published", listing_image=make.SiteImageFactory())
    page.title = f"News of {CANARY}"
    page.save_revision(user=editor)
    return page


@pytest.fixture
def link(draft: Any, editor: Any) -> SharedDraft:
    editor.first_name, editor.last_name = "Ada", "Editor"
    editor.save()
    return SharedDraft.share(draft, editor, WEEK)


def path_of(link: SharedDraft) -> str:
    return link.address.removeprefix("http://testserver")


def status_of(address: str) -> int:
    return Client().get(address).status_code


def test_whoever_has_the_link_sees_the_draft_and_whose_it_is(link: SharedDraft, client: Client) -> None:
    answer = client.get(path_of(link))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f"News of {CANARY}" in shown
    assert "Draft shared by Ada Editor" in shown
    assert "not published" in shown


def test_no_cache_and_no_search_engine_keeps_it(link: SharedDraft, client: Client) -> None:
    answer = client.get(path_of(link))
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert not answer.cookies
    assert "Etag" not in answer


def test_the_page_cache_asks_django_each_time(link: SharedDraft) -> None:
    browser = WsgiBrowser()
    for _ in range(2):
        answer = browser.get(path_of(link))
        assert answer.status_code == 200
        assert "Cache-Status" not in answer.headers
    assert browser.cache.counts["passed"] == 2
    link.refresh_from_db()
    assert link.opened == 2


def test_an_editor_sees_by_the_link_what_others_see(link: SharedDraft, editor_client: Client, client: Client) -> None:
    mine, theirs = editor_client.get(path_of(link)), client.get(path_of(link))
    assert mine.content == theirs.content
    assert "/admin/" not in mine.content.decode()
    assert "wagtail" not in mine.content.decode().lower()
    assert mine["Content-Security-Policy"] == theirs["Content-Security-Policy"]
    assert "unsafe-inline" not in mine["Content-Security-Policy"]


def test_pictures_work_and_links_lead_to_the_public_site(link: SharedDraft, client: Client) -> None:
    shown = client.get(path_of(link)).content.decode()
    pictures = set(re.findall(r'(?:src|srcset)="(/media/[^" ]+)', shown))
    assert pictures
    assert {client.get(picture).status_code for picture in pictures} == {200}
    leading_on = [href for href in re.findall(r'<a[^>]* href="([^"]+)"', shown) if href.startswith("/")]
    assert leading_on
    assert not [href for href in leading_on if href.startswith(("/drafts/", "/admin/"))]


def test_a_shared_draft_asks_for_no_feedback(link: SharedDraft, client: Client) -> None:
    assert "Was this page helpful?" not in client.get(path_of(link)).content.decode()


def test_the_link_goes_on_to_show_its_version(link: SharedDraft, draft: Any, editor: Any, client: Client) -> None:
    newest = draft.get_latest_revision()
    assert link.is_newest
    # As the form does, which writes over the revision in hand while somebody types.
    draft.title = "Something else"
    draft.save_revision(user=editor, overwrite_revision=newest)
    shown = client.get(path_of(link)).content.decode()
    assert CANARY in shown
    assert "Something else" not in shown
    link.page.refresh_from_db()
    assert not link.is_newest


def test_comments_of_editors_are_not_in_it(draft: Any, editor: Any, client: Client) -> None:
    Comment.objects.create(page=draft, user=editor, text="Too long!", contentpath="introduction")
    type(draft).objects.get(pk=draft.pk).save_revision(user=editor)
    draft.refresh_from_db()
    assert "Too long!" in str(draft.get_latest_revision().content)
    link = SharedDraft.share(draft, editor, WEEK)
    assert "Too long!" not in str(link.content)
    assert client.get(path_of(link)).status_code == 200


def test_it_says_how_often_it_was_opened(link: SharedDraft, client: Client) -> None:
    client.head(path_of(link))
    link.refresh_from_db()
    assert (link.opened, link.last_opened_at) == (0, None)
    client.get(path_of(link))
    link.refresh_from_db()
    assert link.opened == 1
    assert timezone.now() - link.last_opened_at < timedelta(minutes=1)


def test_what_is_sent_to_it_is_refused(link: SharedDraft) -> None:
    assert Client(enforce_csrf_checks=True).post(path_of(link)).status_code == 405


def expired(link: SharedDraft) -> None:
    link.expires_at = timezone.now()


def revoked(link: SharedDraft) -> None:
    link.revoked_at = timezone.now()


def account_closed(link: SharedDraft) -> None:
    link.shared_by.is_active = False
    link.shared_by.save()


def no_rights_left(link: SharedDraft) -> None:
    link.shared_by.groups.clear()


def account_deleted(link: SharedDraft) -> None:
    link.shared_by.delete()


def page_deleted(link: SharedDraft) -> None:
    Page.objects.get(pk=link.page_id).delete()


def page_outside_the_site(link: SharedDraft) -> None:
    Page.objects.get(pk=link.page_id).move(Page.get_first_root_node(), pos="last-child")


@pytest.mark.parametrize(
    "end",
    [expired, revoked, account_closed, no_rights_left, account_deleted, page_deleted, page_outside_the_site],
)
def test_a_link_that_has_ended_leads_nowhere(link: SharedDraft, end: Any) -> None:
    assert status_of(path_of(link)) == 200
    end(link)
    if SharedDraft.objects.filter(pk=link.pk).exists():
        link.save()
    answer = Client().get(path_of(link))
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store, private"
    assert CANARY not in answer.content.decode()


def test_a_wrong_link_is_answered_as_one_that_has_ended(link: SharedDraft, editor: Any, tree: Any) -> None:
    other = SharedDraft.share(tree.about, editor, WEEK)
    token = signer().sign(link.key)
    key, signature = token.rsplit(".", 1)
    wrong = [
        key,
        f"{key}.",
        f"{key}.{signature[:-1]}",
        f"{key}.{'A' * len(signature)}",
        f"{other.key}.{signature}",  # of another page
        f"{key}.{signer().sign(other.key).rsplit('.', 1)[1]}",
        signer().sign("no such key"),
        "%00",
        "A" * 5000,
    ]
    answers = [Client().get(f"/drafts/{token}/") for token in wrong]
    assert {answer.status_code for answer in answers} == {404}
    # The form of the newsletter notes where it stands.
    assert len({re.sub(rb'"/drafts/[^"]*"', b"", answer.content) for answer in answers}) == 1


def test_another_secret_key_ends_all_links(link: SharedDraft, settings: Any) -> None:
    path = path_of(link)
    settings.SECRET_KEY = "another one"
    assert status_of(path) == 404


def test_nothing_in_the_database_opens_a_draft(link: SharedDraft) -> None:
    signature = path_of(link).rstrip("/").rsplit(".", 1)[1]
    row = SharedDraft.objects.filter(pk=link.pk).values().get()
    assert signature not in str(row)
    assert status_of(reverse("drafts:shared", args=[row["key"]])) == 404


def test_a_shared_draft_is_found_nowhere_else(link: SharedDraft, client: Client) -> None:
    client.get(path_of(link))
    for address in (
        "/",
        "/news/",
        "/news/feed/",
        "/news/feed.json",
        "/sitemap.xml",
        "/llms.txt",
        "/search/?q=Zanzibar",
    ):
        shown = client.get(address).content.decode()
        assert f"News of {CANARY}" not in shown, address
        assert "/drafts/" not in shown, address


def test_its_secret_stays_out_of_logs(link: SharedDraft) -> None:
    assert scrub_text(f"GET {path_of(link)} 200") == "GET /drafts/[secret]/ 200"


def test_a_page_that_nobody_has_edited_can_be_shared(tree: Any, editor: Any, client: Client) -> None:
    link = SharedDraft.share(tree.about, editor, WEEK)
    assert link.is_newest
    assert tree.about.title in client.get(path_of(link)).content.decode()


def test_every_kind_of_page_can_be_shared(tree: Any, editor: Any, client: Client) -> None:
    for factory in (make.PersonPageFactory, make.ApproachPageFactory, make.ProgrammePageFactory):
        factory()
    make.CaseStoryPageFactory(), make.NewsArticlePageFactory(), make.IssuePageFactory()
    pages = all_pages()
    assert {type(page) for page in pages} == {model for model in get_page_models() if issubclass(model, BasePage)}
    for page in pages:
        page.save_revision(user=editor, clean=False)
        answer = client.get(path_of(SharedDraft.share(page, editor, WEEK)))
        assert answer.status_code == 200, page
        assert b'class="draft' in answer.content, page
        assert not problems(answer.content.decode()), page


def test_links_are_forgotten_a_month_after_their_end(draft: Any, editor: Any) -> None:
    now = timezone.now()
    ends = {
        "works": (now + WEEK, None),
        "just expired": (now - timedelta(days=29), None),
        "long expired": (now - timedelta(days=31), None),
        "just revoked": (now + WEEK, now - timedelta(days=29)),
        "long revoked": (now + WEEK, now - timedelta(days=31)),
    }
    links = {}
    for name, (expires_at, revoked_at) in ends.items():
        links[name] = SharedDraft.share(draft, editor, WEEK)
        SharedDraft.objects.filter(pk=links[name].pk).update(expires_at=expires_at, revoked_at=revoked_at)
    assert forget_old_links() == 2
    assert {link.pk for link in SharedDraft.objects.all()} == {
        links[name].pk for name in ("works", "just expired", "just revoked")
    }


def test_a_link_says_the_name_of_the_site_when_its_maker_has_none(draft: Any, client: Client) -> None:
    nameless = get_user_model()._default_manager.create_superuser("ada@example.org")
    shown = client.get(path_of(SharedDraft.share(draft, nameless, WEEK))).content.decode()
    assert "Draft shared by Leadership Centre" in shown
    assert "ada@example.org" not in shown
