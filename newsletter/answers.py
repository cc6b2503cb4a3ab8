"""Mailchimp's answers: read with suspicion, and turned into what the rest of the site works with."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
from django.utils.dateparse import parse_datetime
from mailchimp_marketing.api_client import ApiClientError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from newsletter.addresses import normalise
from newsletter.errors import Bug, GatewayError, OperatorMustAct, Retryable, from_answer, from_words
from newsletter.transport import AnswerTooLarge

_COMPLAINT = re.compile("abuse|complain|complian", re.IGNORECASE)


@dataclass(frozen=True)
class Contact:
    """What Mailchimp says about one address.

    Attributes:
        status: subscribed, pending, unsubscribed, cleaned, archived or transactional.
        mailchimp_id: Mailchimp's account-wide name for the address (`unique_email_id`, 10 hexadecimal digits).
        changed_at: when the contact last changed there, or None when it does not say.
        merge_fields: FNAME, LNAME and the audience's other fields.
        tags: names of its tags in lower case, as Mailchimp compares them; at most 50 are shown.
        signed_up_at: `timestamp_signup`, or None.
        complained: whether it is off the list for marking a newsletter as spam, or after Mailchimp's review.
    """

    status: str
    mailchimp_id: str
    changed_at: datetime | None
    merge_fields: dict[str, Any]
    tags: frozenset[str] = frozenset()
    signed_up_at: datetime | None = None
    complained: bool = False


@dataclass(frozen=True)
class Audience:
    """The settings of the mailing list at Mailchimp.

    Attributes:
        double_opt_in: whether newcomers are asked to confirm.
        form_url: Mailchimp's own sign-up form, for people whom only that form may add.
        from_name: whom newsletters come from, and `from_email` where answers to them go.
    """

    name: str
    double_opt_in: bool
    form_url: str
    from_name: str = ""
    from_email: str = ""


@dataclass(frozen=True)
class ManyResult:
    """What became of contacts that were sent together, by the hash of their address.

    Attributes:
        added: the new contacts, as they are at Mailchimp now.
        errors: why a contact was refused. One that was there already, or whose error needs a single call to be
            understood, is in neither.
    """

    added: dict[str, Contact] = field(default_factory=dict)
    errors: dict[str, GatewayError] = field(default_factory=dict)


def contact_hash(email: str) -> str:
    """Mailchimp's name of a contact in a URL: MD5 of the trimmed, lower-case address."""
    return hashlib.md5(normalise(email).encode(), usedforsecurity=False).hexdigest()


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Call the library and accept nothing but a JSON object.

    Raises:
        GatewayError: anything else.
    """
    answer = _answer(function, *args, **kwargs)
    if not isinstance(answer, dict):
        raise unreadable()
    return answer


def call_empty(function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Call the library and accept nothing but "204 No Content".

    Raises:
        GatewayError: anything else.
    """
    answer = _answer(function, *args, **kwargs)
    if not (isinstance(answer, requests.Response) and answer.status_code == requests.codes.no_content):
        raise unreadable()


def _answer(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        answer = function(*args, **kwargs)
    except ApiClientError as error:
        # `from None`: the library's exception carries Mailchimp's text, which begins with the address.
        if error.status_code is not None:
            raise from_answer(error.status_code, error.text) from None
        raise _no_answer(error.text) from None
    if isinstance(answer, requests.Response) and not answer.ok:  # the library raises nothing for an empty body
        raise from_answer(answer.status_code, None)
    return answer


def _no_answer(cause: Any) -> GatewayError:
    """Classify the exceptions that the library wraps."""
    if isinstance(cause, AnswerTooLarge):
        return Retryable("Mailchimp's answer was far too long.")
    if isinstance(cause, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return OperatorMustAct("MAILCHIMP_BASE_URL is not an address that can be called.")
    if isinstance(cause, requests.exceptions.MissingSchema):
        return OperatorMustAct("MAILCHIMP_BASE_URL must begin with https:// (or http:// for a stand-in).")
    if isinstance(cause, requests.ConnectionError) and _was_not_sent(cause):
        return Retryable("Mailchimp cannot be reached.", nothing_sent=True)
    if isinstance(cause, requests.RequestException):
        return Retryable("Mailchimp did not answer in time, or the connection broke.")
    return Bug(f"The call could not be made ({type(cause).__name__}).")


def _was_not_sent(cause: requests.ConnectionError) -> bool:
    reason = getattr(cause.args[0] if cause.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def contact_from(answer: dict[str, Any], email_hash: str) -> Contact:
    """Read a contact out of an answer, which must be about the one that was asked for."""
    if answer.get("id") != email_hash or not isinstance(answer.get("status"), str):
        raise unreadable()
    fields, tags = answer.get("merge_fields"), answer.get("tags")
    return Contact(
        status=answer["status"],
        mailchimp_id=str(answer.get("unique_email_id") or "")[:32],
        changed_at=moment(answer.get("last_changed")),
        merge_fields=fields if isinstance(fields, dict) else {},
        tags=frozenset(str(tag.get("name")).lower() for tag in _objects(tags)),
        signed_up_at=moment(answer.get("timestamp_signup")),
        complained=bool(_COMPLAINT.search(str(answer.get("unsubscribe_reason") or ""))),
    )


def many_from(answer: dict[str, Any]) -> ManyResult:
    """Read the answer to many contacts at once; what cannot be read about one of them is left out."""
    if not isinstance(answer.get("new_members"), list) or not isinstance(answer.get("errors"), list):
        raise unreadable()
    result = ManyResult()
    for member in _objects(answer["new_members"]):
        email_hash = contact_hash(str(member.get("email_address")))
        with suppress(Retryable):
            result.added[email_hash] = contact_from(member, email_hash)
    for entry in _objects(answer["errors"]):
        email_hash = contact_hash(str(entry.get("email_address")))
        if error := from_words(str(entry.get("error"))):
            result.errors[email_hash] = error
    return result


def _objects(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def unreadable() -> Retryable:
    return Retryable("Mailchimp's answer made no sense.", status=200)


def moment(value: Any) -> datetime | None:
    """A time as Mailchimp writes it, which is UTC where it does not say; None when there is none."""
    try:
        found = parse_datetime(str(value or ""))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def web_address(value: Any) -> str:
    text = str(value or "")
    return text if text.startswith(("https://", "http://")) and len(text) <= 300 else ""
