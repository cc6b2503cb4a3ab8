"""What the tests of the mailing list share: a stand-in for Mailchimp, and ways to sign up and deliver."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Site

from newsletter import delivery
from newsletter.delivery import Report, deliver_due
from newsletter.models import (
    Campaign,
    DailyCount,
    NewsletterPage,
    OutboxEntry,
    QueueState,
    SignUpTrace,
    Subscriber,
    ThankYouPage,
)
from newsletter.models.consent import FALLBACK_WORDING
from newsletter.service import SignUp, sign_up
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.campaigns import PEOPLE, new_issue
from tests.newsletter.threads import in_thread

EMAIL = "Ada.Lovelace@example.org"


@dataclass(frozen=True)
class Pages:
    """The two pages of the mailing list, published beneath the site's root."""

    newsletter: NewsletterPage
    thank_you: ThankYouPage


@pytest.fixture
def pages(db: None) -> Pages:
    """The sign-up page and the thank-you page, at the addresses of the real site."""
    root = Site.objects.get(is_default_site=True).root_page
    newsletter = root.add_child(instance=NewsletterPage(title="Newsletter", slug="newsletter"))
    thank_you = newsletter.add_child(instance=ThankYouPage(title="Thank you", slug="thank-you"))
    return Pages(newsletter, thank_you)


@pytest.fixture
def mailchimp(settings: Any) -> Iterator[Sandbox]:
    """A stand-in for Mailchimp on loopback, with double opt-in, which the site is connected to."""
    with Sandbox(double_optin=True) as sandbox:
        settings.MAILCHIMP_API_KEY = sandbox.api_key
        settings.MAILCHIMP_AUDIENCE_ID = sandbox.audience_id
        settings.MAILCHIMP_BASE_URL = sandbox.base_url
        yield sandbox


@pytest.fixture
def readers(mailchimp: Sandbox) -> Sandbox:
    """The stand-in with three subscribers, who get issues of the newsletter, and one who left."""
    for email in PEOPLE:
        mailchimp.put_contact(email, "subscribed")
    mailchimp.put_contact("gone@example.org", "unsubscribed")
    return mailchimp


@pytest.fixture
def campaign(tree: Any) -> Campaign:
    """A published issue that was not sent."""
    return new_issue()


@pytest.fixture
def visitor() -> Client:
    """A browser without cookies that checks for CSRF tokens, as the real site does."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def manager(db: None) -> Client:
    """A browser in which somebody of the group that the migrations made is logged in."""
    user = get_user_model()._default_manager.create_user("manager", password="a long password for tests")
    user.groups.add(Group.objects.get(name="Newsletter manager"))
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    """What a page says, as one line."""
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def sign_up_as() -> Callable[..., Subscriber]:
    """Sign an address up, as the form's view does."""

    def run(email: str = EMAIL, **fields: Any) -> Subscriber:
        return sign_up(SignUp(email=email, wording=FALLBACK_WORDING, **fields))

    return run


@pytest.fixture
def deliver() -> Callable[[], Report]:
    """Make whatever waits due, and deliver it."""

    def run() -> Report:
        OutboxEntry.objects.free().update(due_at=timezone.now() - timedelta(seconds=1))
        return deliver_due()

    return run


@pytest.fixture(autouse=True)
def no_gathering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for more sign-ups between two calls in bulk."""
    monkeypatch.setattr(delivery, "GATHER_SECONDS", 0)


@pytest.fixture
def hook(mailchimp: Sandbox) -> Sandbox:
    """The stand-in, which writes down the messages that it would send."""
    mailchimp.register_webhook("http://127.0.0.1:9/")  # nobody is there: tests bring them
    return mailchimp


@pytest.fixture
def subscribed(hook: Sandbox, sign_up_as: Callable[..., Subscriber], deliver: Callable[[], Report]) -> Subscriber:
    """Somebody who signed up and confirmed, which the site knows."""
    hook.double_optin = False
    sign_up_as(first_name="Ada")
    deliver()
    assert state_of() == State.SUBSCRIBED
    return Subscriber.objects.get()


def state_of(email: str = EMAIL) -> str:
    """Where an address stands now."""
    return Subscriber.objects.get(email_key=email.lower()).state


@pytest.fixture(scope="session")
def migrated_file(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Any:
    """A copy of the test database in a file; None where it is no SQLite database."""
    if connections["default"].vendor != "sqlite":
        return None
    path = tmp_path_factory.mktemp("database") / "migrated.sqlite3"
    with django_db_blocker.unblock(), sqlite3.connect(path) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return path


@pytest.fixture
def shared_database(db: None, migrated_file: Any, tmp_path: Any) -> Iterator[None]:
    """A database that several threads can write. In tests SQLite is in memory, which takes no waiting writers."""
    if migrated_file is None:
        yield
        in_thread(erase)  # what threads wrote stands outside the test's transaction
        return
    settings = connections.settings["default"]
    # For connections that threads open from now on.
    name, settings["NAME"] = settings["NAME"], str(shutil.copy(migrated_file, tmp_path))
    yield
    settings["NAME"] = name


def erase() -> None:
    """Delete what sign-ups and deliveries write."""
    Subscriber.objects.all().delete()
    SignUpTrace.objects.all().delete()
    DailyCount.objects.all().delete()
    QueueState.objects.all().delete()
    DBTaskResult.objects.all().delete()
