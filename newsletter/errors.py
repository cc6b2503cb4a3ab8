"""What can go wrong at Mailchimp, in four classes, without a word about the person concerned.

Sources: Mailchimp Marketing API, "Errors" (titles and codes) and the behaviour of mailchimp-marketing 3.0.80.
Mailchimp's `detail` begins with the address, so it is read here to classify and never kept.
"""

import json
from typing import Any

from django.db.models import TextChoices

HTTP_TOO_MANY_REQUESTS = 429


class ErrorClass(TextChoices):
    """Who has to do something about an error."""

    RETRY = "retry", "Will be tried again"
    VISITOR = "visitor", "The person must act"
    OPERATOR = "operator", "The site's operator must act"
    BUG = "bug", "A fault of this site"


class GatewayError(Exception):
    """An error at Mailchimp.

    Args:
        reason: a sentence for the person who looks after the list; never holds an address.
        status: HTTP status, or None when there was no answer.
        title: Mailchimp's title of the error when it is one of the known ones.
    """

    error_class: ErrorClass

    def __init__(self, reason: str, *, status: int | None = None, title: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
        self.title = title


class Retryable(GatewayError):
    """Try again later.

    Args:
        nothing_sent: True when no connection was made, so no call can still be running at Mailchimp.
        rarely: True when trying soon makes it worse (Mailchimp's guard against an address put on many lists).
    """

    error_class = ErrorClass.RETRY

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        title: str = "",
        nothing_sent: bool = False,
        rarely: bool = False,
    ) -> None:
        super().__init__(reason, status=status, title=title)
        self.nothing_sent = nothing_sent
        self.rarely = rarely

    @property
    def is_outage(self) -> bool:
        """Whether Mailchimp as a whole is at fault, and not this one contact."""
        return not self.rarely


class VisitorMustAct(GatewayError):
    """Mailchimp refuses this address until the person does something.

    Args:
        compliance: True when the contact left, bounced or is under review ("Member In Compliance State").
    """

    error_class = ErrorClass.VISITOR

    def __init__(self, reason: str, *, status: int | None = None, title: str = "", compliance: bool = False) -> None:
        super().__init__(reason, status=status, title=title)
        self.compliance = compliance


class OperatorMustAct(GatewayError):
    """The key, the account or the audience is wrong: no call can succeed until someone mends it."""

    error_class = ErrorClass.OPERATOR


class Bug(GatewayError):
    """Our request was wrong: trying again would fail again."""

    error_class = ErrorClass.BUG


COMPLIANCE = "Member In Compliance State"
FORGOTTEN = "Forgotten Email Not Subscribed"
INVALID_RESOURCE = "Invalid Resource"
_KNOWN_TITLES = {
    COMPLIANCE,
    FORGOTTEN,
    INVALID_RESOURCE,
    "API Key Invalid",
    "API Key Missing",
    "Authorization Failure",
    "Bad Request",
    "Forbidden",
    "Invalid Action",
    "JSON Parse Exception",
    "Member Exists",
    "Method Not Allowed",
    "Resource Not Found",
    "Too Many Requests",
    "User Disabled",
}

_OPERATOR_REASONS = {
    401: "Mailchimp refuses the API key. Check MAILCHIMP_API_KEY: it may be mistyped, revoked or of another account.",
    403: "Mailchimp says that this API key's owner may not do this. Check the account, its plan and the owner's role.",
    404: "Mailchimp does not know the audience. Check MAILCHIMP_AUDIENCE_ID: it may be mistyped, or deleted.",
}


def from_answer(status: int, body: Any) -> GatewayError:
    """Turn an error answer of Mailchimp into one of the four classes.

    Args:
        status: the HTTP status.
        body: what the client hands on: text, a dict, or None for an empty body.
    """
    problem = _problem(body)
    found = str(problem.get("title", "")) if problem else ""
    title = found if found in _KNOWN_TITLES else ""
    if status == HTTP_TOO_MANY_REQUESTS:
        return Retryable("Mailchimp is busy and asked for fewer calls.", status=status, title=title)
    if status >= 500:
        return Retryable(f"Mailchimp is out of order (HTTP {status}).", status=status, title=title)
    if problem is None:
        # Overload protection (a bare 403), a proxy's page, an empty body: not the API speaking.
        return Retryable(f"Mailchimp gave no readable answer (HTTP {status}).", status=status)
    if reason := _OPERATOR_REASONS.get(status):
        return OperatorMustAct(reason, status=status, title=title)
    if status == 400:
        return _bad_request(problem, title)
    return Bug(f"Mailchimp did not accept the request (HTTP {status}).", status=status, title=title)


def from_words(text: str) -> GatewayError | None:
    """Classify the error of one contact among many, which has no title. None when only a single call can tell."""
    words = text.lower()
    if "compliance state" in words:
        return _compliance()
    if "permanently deleted" in words:
        return _forgotten()
    return _refused_address(words)


def _bad_request(problem: dict[str, Any], title: str) -> GatewayError:
    """Tell apart the many meanings of HTTP 400 by title and key phrase."""
    if title == COMPLIANCE:
        return _compliance()
    if title == FORGOTTEN:
        return _forgotten()
    if title == INVALID_RESOURCE:
        detail = str(problem.get("detail", "")).lower()
        if error := _refused_address(detail):
            return error
        if "merge fields were invalid" in detail:
            reason = "The audience's fields do not fit. Check that FNAME and LNAME are text fields in Mailchimp."
            return OperatorMustAct(reason, status=400, title=title)
    return Bug(f"Mailchimp did not accept the request ({title or 'HTTP 400'}).", status=400, title=title)


def _compliance() -> VisitorMustAct:
    reason = "Mailchimp may not add this address: the person left, mail bounced, or it is under review."
    return VisitorMustAct(reason, status=400, title=COMPLIANCE, compliance=True)


def _forgotten() -> VisitorMustAct:
    reason = "The contact was permanently deleted at Mailchimp, which only the person can undo."
    return VisitorMustAct(reason, status=400, title=FORGOTTEN)


def _refused_address(words: str) -> GatewayError | None:
    """The two reasons for which Mailchimp refuses an address that is new to it."""
    if "a lot of lists" in words:
        reason = "Mailchimp says that this address joined many lists lately, and takes no more for now."
        return Retryable(reason, status=400, title=INVALID_RESOURCE, rarely=True)
    if "looks fake or invalid" in words or "valid email address" in words:
        return VisitorMustAct("Mailchimp says that the address is not a real one.", status=400, title=INVALID_RESOURCE)
    return None


def _problem(body: Any) -> dict[str, Any] | None:
    """Read Mailchimp's problem document, which the client gives as a dict or as text."""
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError:
            return None
    return body if isinstance(body, dict) else None
