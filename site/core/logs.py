"""Logs: one line of JSON for each event in production, plain text for a person at a terminal.

No personal data belongs in a log. Callers see to that; `scrub` is the last safety net, for texts that
come from libraries: what looks like an e-mail address and the secret parts of our own addresses go.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from django.core.exceptions import ImproperlyConfigured

# Anything@anything, also with the @ of a URL (%40). Bounded, so that a long text costs linear time.
_EMAIL = re.compile(r"""[^\s@<>()\[\]{},;:"'/=&?|]{1,64}(?:@|%40)[^\s@<>()\[\]{},;:"'/=&?|]{1,255}""", re.IGNORECASE)
# The webhook's address and those of people's preference pages and of shared drafts are as good as passwords.
_SECRET_PART = re.compile(r"""(/(?:newsletter/(?:mailchimp|preferences)|drafts)/)[^/\s?"']+""")


def scrub_text(text: str) -> str:
    """Replace e-mail addresses by `[email]` and the secret parts of our own addresses by `[secret]`."""
    if "@" in text or "%40" in text:
        text = _EMAIL.sub("[email]", text)
    return _SECRET_PART.sub(r"\1[secret]", text)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, dict):
        return {_scrubbed(key): _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed(item) for item in value]
    if isinstance(value, bool | int | float) or value is None:
        return value
    return scrub_text(str(value))


def scrub(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: `scrub_text` for every text of an event, however deep."""
    return _scrubbed(event)


def scrub_report(event: Any, hint: Any) -> Any:
    """Scrub an error report before it is sent: a database's message may quote the row, a URL may hold a secret."""
    return _scrubbed(event)


def drop_request(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: leave out Django's request object, whose text has the query string."""
    event.pop("request", None)
    return event


def formatter(plain: bool | None = None) -> structlog.stdlib.ProcessorFormatter:
    """Build the formatter of every handler.

    Args:
        plain: plain text instead of JSON; by default when standard error is a terminal.
    """
    if plain is None:
        plain = sys.stderr.isatty()
    renderer = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            # The default would print local variables, and with them what people typed.
            exception_formatter=structlog.dev.plain_traceback,
        )
        if plain
        else structlog.processors.JSONRenderer()
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,  # the request id, bound by the middleware
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            drop_request,
            structlog.processors.TimeStamper(fmt="%H:%M:%S" if plain else "iso", utc=not plain),
            structlog.processors.format_exc_info,
            scrub,
            renderer,
        ],
    )


def build_logging(debug: bool, level: str) -> dict[str, Any]:
    """Build Django's LOGGING: everything to standard error, formatted by `formatter`.

    Args:
        debug: plain text, whatever standard error is.
        level: the name of the least level that is logged, like INFO.

    Raises:
        ImproperlyConfigured: when there is no such level.
    """
    if level not in logging.getLevelNamesMapping():
        raise ImproperlyConfigured(f"LOG_LEVEL is {level!r}; it must be one of: DEBUG, INFO, WARNING, ERROR, CRITICAL")
    quiet = {"level": "WARNING"}
    to_root = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"site": {"()": "core.logs.formatter", "plain": True if debug else None}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "site"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django adds handlers of its own to these; ours is enough.
            "django": to_root,
            "django.server": to_root,
            # Each 4xx is in the access log already.
            "django.request": {"level": "ERROR"},
            # Robots that name another host are no event.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            # One line for each query, tick and task would bury the rest.
            "django.db.backends": quiet,
            # A job that outlasts its tick is meant to: the next tick is left out, which it calls a warning.
            "apscheduler": {"level": "ERROR"},
            "django_tasks": quiet,
            "django_tasks_db": quiet,
            "PIL": quiet,
            # Below this they write down how requests are signed.
            "boto3": quiet,
            "botocore": quiet,
            "s3transfer": quiet,
            # Each wrong password is three lines below this.
            "axes": quiet,
            # Editors' actions are in the page history, where they can be looked up by page.
            "wagtail": quiet,
            "urllib3": quiet,
        },
    }
