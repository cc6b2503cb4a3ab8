"""What the admin's first page tells each of those who write."""

import datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import Comment, CommentReply, Workflow

from editorial.audit import audit
from editorial.dashboard import NeedsPanel, PublishedPanel
from tests import factories as make
from tests.html import parse


def person(name: str, role: str) -> Any:
    user = get_user_model()._default_manager.create_user(name)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def writer(tree: Any) -> Any:
    return person("writer", "Editor")


@pytest.fixture
def publisher(tree: Any) -> Any:
    return person("publisher", "Publisher")


def needs(user: Any) -> dict[str, list[str]]:
    """What the panel says: headings, with what stands beneath each."""
    client = Client()
    client.force_login(user)
    panel = parse(client.get("/admin/").content.decode()).find(id="needs-section")
    return {
        need.h3.get_text(strip=True): [" ".join(item.get_text(" ").split()) for item in need("li")]
        for need in panel.select(".editorial-need")
    }


def draft_of(user: Any, title: str, **fields: Any) -> Any:
    page = make.StandardPageFactory(title=title, live=False, owner=user, **fields)
    page.save_revision(user=user)
    return page


def test_nothing_to_do_is_said_in_words(writer):
    client = Client()
    client.force_login(writer)
    panel = parse(client.get("/admin/").content.decode()).find(id="needs-section")
    assert "Nothing waits for you." in panel.get_text()
    assert needs(writer) == {}


def test_one_s_own_drafts_and_nobody_else_s(writer, publisher):
    draft_of(writer, "Mine")
    live = make.StandardPageFactory(title="Live")
    live.title = "Live, changed"
    live.save_revision(user=writer)
    draft_of(publisher, "Somebody else's")
    scheduled = draft_of(writer, "Scheduled")
    scheduled.go_live_at = timezone.now() + datetime.timedelta(days=1)
    scheduled.save_revision(user=writer).publish()
    assert needs(writer) == {
        "2 drafts of yours are not published": ["Live, changed changes to a live page", "Mine new page"]
    }


def test_what_was_submitted_needs_a_publisher(writer, publisher):
    Workflow.objects.get(name="Publication").start(draft_of(writer, "Submitted"), writer)
    assert needs(publisher) == {"1 page waits for your approval": []}
    assert needs(writer) == {}
    client = Client()
    client.force_login(publisher)
    page = parse(client.get("/admin/").content.decode())
    link = page.find(id="needs-section").find("a", string="Go to them")
    assert page.find(id=link["href"].removeprefix("#"))


def test_submitting_is_said_in_plain_words_and_once_more_when_a_page_comes_back(writer, publisher):
    page, client = draft_of(writer, "Submitted"), Client()
    client.force_login(writer)

    def buttons() -> list[str]:
        form = parse(client.get(f"/admin/pages/{page.pk}/edit/").content.decode())
        return [button.get_text(strip=True) for button in form.select("button[name=action-submit]")]

    assert buttons() == ["Submit for approval"]
    Workflow.objects.get(name="Publication").start(page, writer)
    assert buttons() == []
    page.current_workflow_task_state.reject(user=publisher)
    assert buttons() == ["Submit again for approval"]


def test_comments_wait_for_those_whom_they_concern_until_they_answer(writer, publisher):
    page = make.StandardPageFactory(title="Page", owner=writer)
    thread = Comment.objects.create(page=page, user=publisher, text="Is this\nright? " + "x" * 200, contentpath="title")
    [(heading, [item])] = needs(writer).items()
    assert heading == "1 comment waits for your answer"
    assert item.startswith("Page publisher: Is this right? xxx")
    assert item.endswith("…")
    assert needs(publisher) == {}
    reply = CommentReply.objects.create(comment=thread, user=writer, text="Yes")
    assert needs(writer) == {}
    assert list(needs(publisher)) == ["1 comment waits for your answer"]
    reply.delete()
    thread.resolved_at = timezone.now()
    thread.save()
    assert needs(writer) == needs(publisher) == {}


def test_reviews_that_are_due_and_links_that_lead_nowhere(writer):
    for number in range(7):
        audit(make.StandardPageFactory(title=f"Old {number}", review_by=datetime.date(2020, 1, number + 1)))
    audit(make.StandardPageFactory(body=[("text", '<p><a href="/nothing/">words</a></p>')]))
    found = needs(writer)
    assert found["7 pages should have been reviewed"][0] == "Old 0 by 1 January 2020"
    assert len(found["7 pages should have been reviewed"]) == 5
    assert "1 link that readers meet leads nowhere" in found


def test_those_who_write_no_pages_have_no_panel(tree):
    client = Client()
    client.force_login(person("manager", "Newsletter manager"))
    page = client.get("/admin/").content.decode()
    assert "What needs you" not in page
    assert "Recently published" not in page


def test_what_was_published_last(writer, tree):
    for number in range(7):
        make.StandardPageFactory(title=f"Page {number}")
    client = Client()
    client.force_login(writer)
    panel = parse(client.get("/admin/").content.decode()).find(id="recently-published-section")
    assert [link.get_text() for link in panel.select("td.title a")] == [f"Page {n}" for n in (6, 5, 4, 3, 2)]


def test_the_panels_take_few_queries_however_much_waits(writer, publisher, django_assert_max_num_queries):
    for number in range(12):
        page = draft_of(writer, f"Draft {number}")
        Comment.objects.create(page=page, user=publisher, text="Words", contentpath="title")
        audit(make.StandardPageFactory(review_by=datetime.date(2020, 1, 1)))
    client = Client()
    client.force_login(writer)
    request = client.get("/admin/").wsgi_request
    with django_assert_max_num_queries(14):
        for panel in (NeedsPanel(), PublishedPanel()):
            panel.render_html({"request": request})
