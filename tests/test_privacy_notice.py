"""What the privacy notice promises is what the software does. (Of the record of requests: tests/ops/test_logs.py.)"""

import re
from datetime import timedelta

from django.conf import settings

from feedback.jobs import COMMENTS
from home.starting_content import privacy
from newsletter import retention
from newsletter.models import Consent, Subscriber

NOTICE = re.sub(r"\s+", " ", str(privacy.BODY))


def periods() -> dict[str, str]:
    """The rows of the table of periods."""
    table = next(block["value"]["table"] for block in privacy.BODY if block["type"] == "table")
    return dict(row["values"] for row in table["rows"])


def in_words(period: timedelta) -> str:
    days = period.days
    return "12 months" if days == 365 else f"{days} day{'' if days == 1 else 's'}"


def test_the_periods_are_those_that_the_worker_applies():
    told = periods()
    assert told["A sign-up that you never confirmed"] == in_words(retention.UNCONFIRMED)
    assert told["Messages from Mailchimp about you"] == in_words(retention.MESSAGES)
    assert told["The record of each delivery to Mailchimp"].startswith(in_words(retention.OUTBOX) + ";")
    assert told["That a sign-up form was sent, as a code"] == in_words(retention.TRACES)
    assert told["A comment on whether a page was helpful"] == in_words(COMMENTS)


def test_internet_addresses_are_not_kept_unless_the_charity_decides_so():
    assert "We do not keep your internet address with your sign-up" in NOTICE
    assert settings.SIGNUP_STORE_IP is False


def test_everything_kept_about_a_subscriber_is_named():
    """A new field of a subscriber or of the evidence fails here until the notice names what it holds."""
    named = {
        "email address": {"email", "email_key", "contact_hash"},
        "first and last name": {"first_name", "last_name"},
        "topics": {"interests"},
        "exact words": {"wording", "wording_version", "basis"},
        "date and time": {"signed_up_at", "created_at", "given_at"},
        "page on which you signed up": {"source_page", "page_path", "origin"},
        "its language": {"language"},
        "asked to confirm by email": {"opt_in_mode", "confirmation_asked_at", "next_look_at"},
        "where your subscription stands": {"state", "reason", "state_changed_at"},
        "the number by which Mailchimp knows your address": {"mailchimp_id"},
        "It tells this website whether": {"mailchimp_status", "mailchimp_changed_at", "mailchimp_seen_at"},
        "We do not keep your internet address": {"ip"},
    }
    assert [words for words in named if words not in NOTICE] == []
    fields = {
        field.name for model in (Subscriber, Consent) for field in (*model._meta.fields, *model._meta.many_to_many)
    }
    assert fields - {"id", "subscriber"} == set().union(*named.values())


def test_mailchimp_is_named_as_the_only_receiver():
    for words in ("Mailchimp", "Intuit in the United States", "processor", "passes your details to nobody else"):
        assert words in NOTICE
