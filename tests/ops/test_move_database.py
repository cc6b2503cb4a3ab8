"""From SQLite to PostgreSQL: every row arrives as it was meant, or nothing does."""

import datetime
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import connections, models, transaction
from django.db.utils import load_backend
from django.test import Client
from django.utils import timezone

from core import moving
from core.moving import Moved, MoveError, _Sum
from newsletter.models import Subscriber
from tests import factories as make

SOURCE = "moved_from"


def moved_models() -> list[Any]:
    tables = (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)
    return [model for model in tables if model._meta.managed and model._meta.app_label not in moving.MADE_AGAIN]


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty SQLite database with the site's tables; what is moved goes to the tests' own database."""
    config = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "site.sqlite3")}
    settings = connections.configure_settings({"default": {}, SOURCE: config})[SOURCE]
    connection = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, SOURCE)
    connection.ensure_connection()  # before it is listed: tests may not open connections but to their own database
    connections.databases[SOURCE] = settings
    connections[SOURCE] = connection
    connection.disable_constraint_checking()
    with connection.schema_editor() as editor:
        for model in moved_models():
            if not model._meta.auto_created:  # those come with the model that has the field
                editor.create_model(model)
    connection.disable_constraint_checking()  # again: rows come in any order
    monkeypatch.setattr(moving, "SOURCE", SOURCE)
    monkeypatch.setattr(moving, "TARGET", "default")
    numbers = next_numbers()
    yield connection
    count_on_from(numbers)
    connection.close()
    del connections[SOURCE]
    del connections.databases[SOURCE]


def next_numbers() -> list[tuple[str, int]]:
    """The sequences that number the records of the tests' own database, and how far they have come."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences")
        return [(name, number) for name, number in cursor.fetchall() if number is not None]


def count_on_from(numbers: list[tuple[str, int]]) -> None:
    """Take back what moving did to the sequences: unlike rows they are not rolled back, and other tests count on."""
    with connections["default"].cursor() as cursor:
        cursor.executemany("SELECT setval(%s::regclass, %s)", numbers)


def move_all(tell: Any) -> None:
    """Move within the test's own transaction, in which no check of a key may be left for its end."""
    connections["default"].check_constraints()
    with transaction.atomic(), transaction.atomic(using=SOURCE):
        moving._move_all(tell)


def copied_to_source() -> None:
    """Write to the SQLite database what the tests' own has."""
    for model in moved_models():
        for read in serializers.deserialize("python", serializers.serialize("python", model._base_manager.all())):
            models.Model.save_base(read.object, raw=True, using=SOURCE, force_insert=True)


@pytest.mark.needs("postgresql")
def test_every_row_arrives_and_new_ones_get_keys_of_their_own(full_site: Any, source: Any, client: Client) -> None:
    person = Subscriber.objects.create(email="Zoë@example.org", email_key="zoë@example.org", first_name="Zoë \\ \t\n'")
    copied_to_source()
    before = client.get("/about/").content
    Subscriber.objects.all().delete()
    told: list[Moved] = []
    move_all(told.append)
    tables = {moved.name: moved.rows for moved in told}
    assert tables["wagtailcore_page"] > 15 and tables["newsletter_subscriber"] == 1
    assert len({moved.checksum for moved in told if moved.rows}) == sum(moved.rows > 0 for moved in told)
    arrived = Subscriber.objects.get()
    assert vars(arrived) | {"_state": None} == vars(person) | {"_state": None}
    assert client.get("/about/").content == before
    assert make.NewsArticlePageFactory().pk > max(page.pk for page in full_site)


@pytest.mark.needs("postgresql")
@pytest.mark.parametrize("wrong", ["x" * 300, "a\0b"])
def test_what_does_not_fit_is_named_and_nothing_is_moved(tree: Any, source: Any, wrong: str) -> None:
    Subscriber.objects.create(email="stays@example.org", email_key="stays@example.org")
    with source.cursor() as cursor:
        record = Subscriber(pk=7, email="ada@example.org", email_key="ada", first_name=wrong)
        models.Model.save_base(record, raw=True, using=SOURCE, force_insert=True)
        cursor.execute("SELECT count(*) FROM newsletter_subscriber")
        assert cursor.fetchone() == (1,)
    refusal = pytest.raises(MoveError, match="A row of newsletter_subscriber does not fit")
    with refusal as caught:
        move_all(lambda moved: None)
    assert "ada" not in str(caught.value) and wrong not in str(caught.value)
    assert Subscriber.objects.get().email == "stays@example.org"


def field(kind: type[models.Field]) -> Any:
    return SimpleNamespace(is_relation=False, get_internal_type=lambda: kind.__name__)


def summed(fields: list[Any], *rows: tuple[Any, ...]) -> _Sum:
    total = _Sum(fields)
    assert list(total.of(rows)) == list(rows)  # they are given on as they are
    return total


def test_values_are_compared_by_what_they_mean() -> None:
    fields = [field(models.BooleanField), field(models.DateTimeField), field(models.JSONField), field(models.UUIDField)]
    key = uuid.UUID(int=7)
    summer = datetime.datetime(2026, 7, 1, 13, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    here = (1, "2026-07-01 12:00:00", '{"b": [1.5, null], "a": "é"}', key.hex)
    there = (True, summer, '{"a": "\\u00e9", "b": [1.5, null]}', key)
    assert summed(fields, here) == summed(fields, there)
    for place, other in enumerate((0, "2026-07-01 12:00:00.000001", '{"a": "e"}', uuid.UUID(int=8).hex)):
        changed = (*here[:place], other, *here[place + 1 :])
        assert summed(fields, changed) != summed(fields, there)


def test_order_does_not_matter_and_number_and_nothing_do() -> None:
    fields = [field(models.TextField), field(models.IntegerField)]
    assert summed(fields, ("a", 1), ("b", 2)) == summed(fields, ("b", 2), ("a", 1))
    assert summed(fields, ("a", 1), ("a", 1)) != summed(fields, ("a", 1))
    assert summed(fields, ("", 1)) != summed(fields, (None, 1))
    assert summed(fields, ("a,b", 1)) != summed(fields, ("a", 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "why"),
    [("sqlite:////tmp/x", "must begin with postgres"), ("postgres://user:secret@host:port/x", "must look like")],
)
def test_another_address_is_refused_in_one_line(address: str, why: str) -> None:
    with pytest.raises(CommandError, match=why) as caught:
        call_command("move_database", address)
    assert "secret" not in str(caught.value)


@pytest.mark.django_db
def test_a_site_is_not_written_over_nor_moved_beneath_a_worker(tree: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "_manage", lambda *_: pytest.fail("nothing may be run"))
    monkeypatch.setattr(moving.connections["default"], "vendor", "sqlite")
    monkeypatch.setattr(moving, "is_empty", lambda alias: alias != moving.TARGET)
    with pytest.raises(MoveError, match="a site in that database already"):
        moving.move("postgres://x", {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}, lambda moved: None)
    monkeypatch.setattr(moving, "living_workers", lambda: {"a worker"})
    with pytest.raises(MoveError, match="Stop web and worker"):
        moving.move("postgres://x", {}, lambda moved: None)
    monkeypatch.setattr(moving.connections["default"], "vendor", "postgresql")
    with pytest.raises(MoveError, match="nothing to move"):
        moving.move("postgres://x", {}, lambda moved: None)


def test_moments_of_summer_are_moments(settings: Any) -> None:
    assert moving._moment("2026-07-01 12:00:00") == moving._moment(
        timezone.make_aware(datetime.datetime(2026, 7, 1, 13))
    )
