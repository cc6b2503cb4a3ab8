"""Publishing by the clock: one page that fails keeps no other waiting."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from core.schedule import publish_scheduled
from core.worker import stopping
from tests import factories as make
from tests.snapshot import as_it_is


def is_live(page: Any) -> bool:
    return as_it_is(page).live


@pytest.fixture
def due(tree: Any) -> list[Any]:
    """Three drafts whose time has come, in the order of their times."""
    pages = []
    for number in range(3):
        page = make.NewsArticlePageFactory(title=f"Secret title {number}", live=False)
        page.go_live_at = timezone.now() - timedelta(hours=3 - number)
        page.save_revision(approved_go_live_at=page.go_live_at)
        pages.append(page)
    return pages


def failing_for(page: Any, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Revision.publish

    def publish(revision: Revision, **options: Any) -> Any:
        result = original(revision, **options)
        if revision.object_id == str(page.pk):
            raise error
        return result

    monkeypatch.setattr(Revision, "publish", publish)


def test_what_is_due_is_published_and_what_has_expired_is_not_any_more(due: list[Any]) -> None:
    expired = make.NewsArticlePageFactory()
    type(expired).objects.filter(pk=expired.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    later = make.NewsArticlePageFactory(live=False)
    later.save_revision(approved_go_live_at=timezone.now() + timedelta(hours=1))
    publish_scheduled()
    assert [is_live(page) for page in (*due, expired, later)] == [True, True, True, False, False]
    actions = set(PageLogEntry.objects.filter(page__in=[*due, expired]).values_list("action", flat=True))
    assert {"wagtail.publish.scheduled", "wagtail.unpublish.scheduled"} <= actions


@pytest.mark.parametrize("error", [RuntimeError("Secret title"), IntegrityError("Secret title")])
def test_one_that_fails_keeps_no_other_waiting(
    due: list[Any], error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing_for(due[0], error, monkeypatch)
    with caplog.at_level(logging.ERROR):
        publish_scheduled()
    assert [is_live(page) for page in due] == [False, True, True]  # and nothing half done
    [record] = caplog.records
    assert (record.__dict__["model"], record.__dict__["key"]) == ("news.NewsArticlePage", str(due[0].pk))

    monkeypatch.undo()
    publish_scheduled()
    assert is_live(due[0])


def test_a_database_that_is_away_ends_the_run(due: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    failing_for(due[0], OperationalError("locked"), monkeypatch)
    with pytest.raises(OperationalError):
        publish_scheduled()
    assert not any(is_live(page) for page in due)


def test_a_stopping_worker_publishes_no_more(due: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "is_set", lambda: True)
    publish_scheduled()
    assert not any(is_live(page) for page in due)
