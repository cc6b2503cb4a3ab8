"""Logs are one line of JSON for each event, without personal data."""

import io
import json
import logging
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from gunicorn.config import Config

from core.access_log import GunicornLogger
from core.logs import build_logging, formatter, scrub_text


def logged(plain: bool, message: str, *arguments: Any, **keywords: Any) -> str:
    """Log one event through our formatter and return what was written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(plain=plain))
    logger = logging.Logger("newsletter.delivery")
    logger.addHandler(handler)
    logger.error(message, *arguments, **keywords)
    return stream.getvalue()


def test_an_event_is_one_line_of_json_with_its_facts_and_request_id() -> None:
    with structlog.contextvars.bound_contextvars(request_id="abc123"):
        written = logged(False, "delivered %d", 3, extra={"state": "subscribed", "seconds": 0.25})
    assert written.count("\n") == 1
    event = json.loads(written)
    assert event["timestamp"].endswith("Z")
    assert {key: event[key] for key in event.keys() - {"timestamp"}} == {
        "event": "delivered 3",
        "level": "error",
        "logger": "newsletter.delivery",
        "request_id": "abc123",
        "state": "subscribed",
        "seconds": 0.25,
    }


@pytest.mark.parametrize("plain", [True, False])
def test_no_address_is_logged_wherever_it_hides(plain: bool) -> None:
    try:
        email = "Ada.Lovelace+news@mail.example.org"
        raise ValueError(f"cannot deliver to {email}")
    except ValueError:
        written = logged(
            plain,
            "refused %s",
            "ada.lovelace%2Bnews%40mail.example.org",
            extra={"body": {"to": [email]}, "request": RequestFactory().get(f"/search/?q={email}")},
            exc_info=True,
        )
    assert "ValueError" in written and "[email]" in written
    for trace in ("lovelace", "Lovelace", "mail.example", "search"):
        assert trace not in written


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("to <ada@example.org>, now", "to <[email]>, now"),
        ("?email=ada%40example.org&x=1", "?email=[email]&x=1"),
        ("é.à@bücher.example", "[email]"),
        ("POST /newsletter/mailchimp/s3cret-part/?a=1 HTTP/1.1", "POST /newsletter/mailchimp/[secret]/?a=1 HTTP/1.1"),
        ("    @cached_property", "    @cached_property"),
        ("100% of 40 pages", "100% of 40 pages"),
    ],
)
def test_scrubbing_takes_addresses_and_the_webhook_secret_and_leaves_the_rest(text: str, clean: str) -> None:
    assert scrub_text(text) == clean


def test_a_wrong_level_is_one_clear_line() -> None:
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL is 'LOUD'"):
        build_logging(debug=False, level="LOUD")


def test_the_access_log_says_what_was_asked_and_not_who_asked(capsys: pytest.CaptureFixture[str]) -> None:
    config = Config()
    config.set("accesslog", "-")
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/newsletter/mailchimp/s3cret/",
        "QUERY_STRING": "q=private",
        "RAW_URI": "/newsletter/mailchimp/s3cret/?q=private",
        "REMOTE_ADDR": "203.0.113.9",
        "HTTP_USER_AGENT": "Browser/1.0",
        "HTTP_REFERER": "https://referrer.example/",
    }
    answer = SimpleNamespace(status="200 OK", sent=512, headers=[])
    logger = GunicornLogger(config)
    structlog.contextvars.clear_contextvars()
    logger.access(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=12.34))
    event = json.loads(capsys.readouterr().out)
    event.pop("timestamp")
    assert event == {
        "event": "request",
        "level": "info",
        "logger": "gunicorn.access",
        "method": "GET",
        "path": "/newsletter/mailchimp/[secret]/",
        "status": 200,
        "bytes": 512,
        "milliseconds": 12.3,
    }
