"""What makes kept pages old: everything that readers see, after it was committed, and nothing else."""

import datetime
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from redis import ConnectionError as RedisConnectionError
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from core.models import Navigation, SiteSettings
from core.page_cache import changes, generation
from newsletter.models import ConsentWording, Interest, QueueState, Subscriber
from tests import factories as make

Changed = Callable[[Callable[[], object]], bool]


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Changed:
    """Whether doing something makes kept pages old."""
    advanced: list[int] = []
    monkeypatch.setattr(changes, "advance", lambda: advanced.append(1))

    def run(do: Callable[[], object]) -> bool:
        advanced.clear()
        with django_capture_on_commit_callbacks(execute=True):
            do()
            assert not advanced  # not before it is committed
        return bool(advanced)

    return run


def edited(page: Any, **fields: Any) -> Any:
    page.refresh_from_db()
    vars(page).update(fields)
    return page


def test_publishing_unpublishing_moving_and_deleting_a_page(tree, changed):
    article = make.NewsArticlePageFactory()
    assert changed(lambda: edited(article, title="New").save_revision().publish())
    assert changed(lambda: edited(article, slug="elsewhere").save_revision().publish())
    assert changed(lambda: edited(article).unpublish())
    page = make.StandardPageFactory(parent=tree.about)
    assert changed(lambda: page.move(tree.home, pos="last-child"))
    assert changed(lambda: Page.objects.get(pk=page.pk).delete())


def test_what_an_editor_does_to_a_page_is_one_change(tree, django_capture_on_commit_callbacks):
    """Each would have all pages rendered once more."""

    def counted(do: Callable[[], object]) -> int:
        with django_capture_on_commit_callbacks() as callbacks:
            do()
        return callbacks.count(generation.advance)

    article = make.NewsArticlePageFactory(live=False)
    page = make.StandardPageFactory(parent=tree.about)
    assert counted(lambda: edited(article).save_revision().publish()) == 1
    assert counted(lambda: edited(article, title="New").save_revision().publish()) == 1
    assert counted(lambda: edited(article, slug="elsewhere").save_revision().publish()) == 1
    assert counted(lambda: edited(article).unpublish()) == 1
    assert counted(lambda: page.move(tree.home, pos="last-child")) == 1


def test_saving_a_page_by_a_command(tree, changed):
    assert changed(lambda: edited(tree.about, title="New").save())
    assert changed(lambda: edited(tree.about, title="Newer").save(update_fields=["title"]))


def test_a_new_page_counts_when_it_is_live(tree, changed):
    assert changed(lambda: make.StandardPageFactory(parent=tree.about))
    assert not changed(lambda: make.StandardPageFactory(parent=tree.about, live=False))


def test_drafts_locks_and_schedules_are_seen_by_nobody(tree, changed):
    assert not changed(lambda: edited(tree.about, title="A draft").save_revision())
    later = timezone.now() + datetime.timedelta(days=1)
    assert not changed(lambda: edited(tree.about, go_live_at=later).save(update_fields=["go_live_at"]))
    assert not changed(lambda: edited(tree.about, locked=True).save(update_fields=["locked"]))


def test_a_draft_saved_in_the_admin_is_seen_by_nobody(tree, editor_client, changed):
    def save() -> None:
        address = reverse("wagtailadmin_pages:edit", args=[tree.about.pk])
        form = {"title": "A draft", "slug": "about", "introduction": "", "body-count": "0", "comments-TOTAL_FORMS": "0"}
        answer = editor_client.post(address, form | {"comments-INITIAL_FORMS": "0"})
        assert answer.status_code in (200, 302)
        assert Page.objects.get(pk=tree.about.pk).draft_title == "A draft"

    assert not changed(save)


def test_a_scheduled_page_that_goes_live_and_one_that_expires(tree, changed):
    now = timezone.now()
    coming = make.StandardPageFactory(parent=tree.about, live=False)
    coming.go_live_at = now + datetime.timedelta(minutes=1)
    coming.expire_at = now + datetime.timedelta(minutes=3)
    coming.save_revision().publish()
    for minutes, is_live, is_changed in ((0, False, False), (2, True, True), (2.5, True, False), (4, False, True)):
        with time_machine.travel(now + datetime.timedelta(minutes=minutes), tick=False):
            assert changed(lambda: call_command("publish_scheduled", stdout=StringIO())) is is_changed
        coming.refresh_from_db()
        assert coming.live is is_live


def test_privacy(tree, changed):
    made: list[Any] = []
    restriction = {"page": tree.about, "restriction_type": PageViewRestriction.LOGIN}
    assert changed(lambda: made.append(PageViewRestriction.objects.create(**restriction)))
    assert changed(lambda: made[0].delete())
    collection = Collection.get_first_root_node().add_child(name="Papers")
    private = {"collection": collection, "restriction_type": CollectionViewRestriction.LOGIN}
    assert changed(lambda: CollectionViewRestriction.objects.create(**private))


def test_settings_and_navigation(tree, changed):
    site = tree.home.get_site()
    assert changed(lambda: SiteSettings.objects.create(site=site, description="New"))
    assert changed(lambda: Navigation.objects.create(site=site))
    assert changed(lambda: site.save())


def test_snippets_and_what_says_that_it_is_shown(tree, changed):
    assert changed(lambda: make.NewsCategoryFactory())
    assert changed(lambda: Interest.objects.create(label="Places"))
    wording = ConsentWording.objects.create(text="Agreed.")
    assert changed(wording.publish)


def test_whether_newcomers_are_asked_to_confirm(db, changed):
    from newsletter.queue import remember

    class Audience:
        name, double_opt_in = "People", True

    assert not changed(lambda: remember(Audience())) or QueueState.objects.exists()  # ty: ignore
    Audience.double_opt_in = False
    assert changed(lambda: remember(Audience()))  # ty: ignore
    assert not changed(lambda: remember(Audience()))  # ty: ignore


def test_files_count_once_they_may_be_in_use(tree, changed):
    made: list[Any] = []
    for factory in (make.SiteImageFactory, make.SiteDocumentFactory):
        assert not changed(lambda factory=factory: made.append(factory()))
    for file in made:
        assert changed(lambda file=file: file.save())
        assert changed(lambda file=file: file.delete())


def test_a_size_of_a_picture_made_while_a_page_is_rendered_is_no_change_but_one_that_goes_is(tree, changed):
    image = make.SiteImageFactory()
    assert not changed(lambda: image.get_rendition("fill-10x10"))
    assert changed(lambda: image.renditions.all().delete())


def test_what_readers_never_see(tree, editor, changed):
    assert not changed(lambda: editor.save())
    email = "ada@example.org"
    assert not changed(lambda: Subscriber.objects.create(email=email, email_key=email))


def test_nothing_is_told_of_what_was_rolled_back(tree, changed):
    def fail() -> None:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            edited(tree.about, title="Never").save()
            raise ZeroDivisionError

    assert not changed(fail)


# --- The generation ----------------------------------------------------------------------------------


@pytest.fixture
def folder(settings: Any, tmp_path: Any) -> Iterator[Any]:
    settings.DATA_DIR = tmp_path
    yield tmp_path


def test_every_change_is_another_generation(folder):
    watcher, seen = generation.Watcher(), set()
    seen.add(watcher.look())
    for _ in range(3):
        generation.advance()
        seen.add(watcher.look())
        assert watcher.look() in seen
    assert len(seen) == 4
    assert [path.name for path in folder.iterdir()] == [generation.FILE]


def test_a_process_adopts_it_in_a_moment(folder):
    from tests.reliability.processes import until

    watcher = generation.Watcher()
    watcher.start()
    before = watcher.token
    generation.advance()
    until(lambda: watcher.token != before, 5, "the new generation")
    assert watcher.token == watcher.look()


class Redis:
    """As much of Redis as is asked for."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.is_away = False

    def get(self, name: str) -> bytes | None:
        return self._here().get(name)

    def set(self, name: str, value: str) -> None:
        self._here()[name] = value.encode()

    def _here(self) -> dict[str, bytes]:
        if self.is_away:
            raise RedisConnectionError("away")
        return self.kept


@pytest.fixture
def redis(settings: Any, folder: Any, monkeypatch: pytest.MonkeyPatch) -> Redis:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    server = Redis()
    monkeypatch.setattr(generation, "get_redis_connection", lambda: server)
    return server


def test_another_machine_learns_it_from_redis(redis, settings, tmp_path_factory):
    here, there = generation.Watcher(), generation.Watcher()
    here_folder, there_folder = settings.DATA_DIR, tmp_path_factory.mktemp("there")
    settings.DATA_DIR = there_folder
    before = there.look()
    settings.DATA_DIR = here_folder
    generation.advance()
    now = here.look()
    settings.DATA_DIR = there_folder
    assert there.look() != before
    assert now.split()[1] == there.look().split()[-1]


def test_without_redis_this_machine_still_knows_and_nothing_fails(redis, caplog):
    watcher = generation.Watcher()
    generation.advance()
    known = watcher.look()
    redis.is_away = True
    assert watcher.look() == known  # pages are kept
    generation.advance()
    assert "Redis was not told" in caplog.text
    assert watcher.look() != known


def test_a_redis_that_comes_back_empty_makes_pages_anew(redis):
    watcher = generation.Watcher()
    generation.advance()
    known = watcher.look()
    redis.kept.clear()
    assert watcher.look() != known
