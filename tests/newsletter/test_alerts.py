"""The email that tells the operator of a pause: one for each, as soon as it can be sent."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from newsletter import alerts, queue
from newsletter.errors import OperatorMustAct
from newsletter.jobs import JOBS
from newsletter.models import OutboxEntry, QueueState, Subscriber

pytestmark = pytest.mark.django_db
REASON = "Mailchimp refuses the API key."


@pytest.fixture(autouse=True)
def operators(settings: Any) -> None:
    settings.NEWSLETTER_ALERT_EMAIL = ["first@example.com", "second@example.com"]


def pause(reason: str = REASON) -> None:
    queue.pause(OperatorMustAct(reason))


def test_one_email_for_each_pause_says_what_to_do(settings: Any) -> None:
    subscriber = Subscriber.objects.create(email="ada@example.org", email_key="ada@example.org")
    OutboxEntry.objects.create(subscriber=subscriber)
    for _ in range(3):
        pause()
        alerts.send_due_alert()
    (message,) = mail.outbox
    assert message.to == ["first@example.com", "second@example.com"]
    assert REASON in message.body
    assert "1 is waiting" in message.body
    assert f"{settings.WAGTAILADMIN_BASE_URL}/admin/" in message.body
    assert "ada" not in message.body + message.subject
    queue._resume()
    pause("Mailchimp does not know the audience.")
    alerts.send_due_alert()
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_away_is_tried_again(monkeypatch: Any, caplog: Any) -> None:
    pause()

    def away(*args: Any) -> None:
        raise SMTPServerDisconnected("first@example.com: connection lost")

    with monkeypatch.context() as patch:
        patch.setattr(alerts, "send_mail", away)
        assert alerts.send_due_alert() is False
    assert QueueState.load().alert_due is True
    assert "example.com" not in caplog.text
    assert alerts.send_due_alert() is True
    assert QueueState.load().alert_due is False
    assert len(mail.outbox) == 1


def test_a_pause_that_is_over_before_the_email_is_told_as_over() -> None:
    pause()
    queue._resume()
    alerts.send_due_alert()
    (message,) = mail.outbox
    assert "go on" in message.subject
    assert "need not do anything" in message.body


def test_a_pause_that_begins_while_the_email_is_sent_has_its_own(monkeypatch: Any) -> None:
    pause()
    real = alerts.send_mail

    def slow(*args: Any) -> None:
        real(*args)
        queue._resume()
        pause("Mailchimp does not know the audience.")

    with monkeypatch.context() as patch:
        patch.setattr(alerts, "send_mail", slow)
        alerts.send_due_alert()
    assert QueueState.load().alert_due is True
    alerts.send_due_alert()
    assert len(mail.outbox) == 2


def test_without_an_address_nobody_is_told(settings: Any) -> None:
    settings.NEWSLETTER_ALERT_EMAIL = []
    pause()
    assert QueueState.load().alert_due is False
    assert alerts.send_due_alert() is False
    assert mail.outbox == []


def test_no_email_without_a_pause() -> None:
    QueueState.objects.create(pk=QueueState.PK, outage_since=timezone.now() - timedelta(days=1))
    assert alerts.send_due_alert() is False


def test_the_worker_looks_every_minute() -> None:
    (job,) = [job for job in JOBS if job.run is alerts.send_due_alert]
    assert job.every == timedelta(minutes=1)
