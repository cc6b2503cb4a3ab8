"""The errors of the Marketing API: RFC 7807 "problem" documents, as Mailchimp words them.

Titles and statuses follow Mailchimp's error glossary
(https://mailchimp.com/developer/marketing/docs/errors/); the details are the sentences the service is known
to send. A client should match on title and status.
"""

from typing import Any

TYPE_URL = "https://mailchimp.com/developer/marketing/docs/errors/"

SEE_ERRORS = "The resource submitted could not be validated. For field-specific details, see the 'errors' array."

#: title -> (status, detail) of the problems that do not depend on a contact.
GLOSSARY: dict[str, tuple[int, str]] = {
    "Bad Request": (400, "Your request could not be processed."),
    "Invalid Action": (400, "The action requested was not valid for this resource."),
    "Invalid Resource": (400, SEE_ERRORS),
    "JSON Parse Exception": (400, "We encountered an unspecified JSON parsing error."),
    "API Key Missing": (401, "Your request did not include an API key."),
    "API Key Invalid": (
        401,
        "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
    ),
    "Forbidden": (403, "You are not permitted to access this resource."),
    "User Disabled": (403, "This account has been deactivated."),
    "Authorization Failure": (403, "The user does not have the role that this resource needs."),
    "Resource Not Found": (404, "The requested resource could not be found."),
    "Method Not Allowed": (
        405,
        "The requested method and resource are not compatible. See the Allow header for this resource's "
        "available methods.",
    ),
    "Too Many Requests": (429, "You have exceeded the limit of 10 simultaneous connections."),
    "Internal Server Error": (500, "An unexpected internal error has occurred. Please contact Support."),
    "Service Unavailable": (503, "The server is temporarily unable to answer. Please try again later."),
}


class Problem(Exception):
    """A refusal of the API. The answer's HTTP status is `status`.

    The exception's own text is title and status only: `detail` may hold an address.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        *,
        status: int | None = None,
        errors: list[dict[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        known_status, known_detail = GLOSSARY.get(title, (400, ""))
        self.title = title
        self.status = status or known_status
        self.detail = detail or known_detail
        self.errors = errors or []
        self.headers = headers or {}
        super().__init__(f"{self.title} ({self.status})")

    def document(self, instance: str) -> dict[str, Any]:
        """The JSON body; `instance` is the identifier one quotes to Mailchimp's support."""
        document = {
            "type": TYPE_URL,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
        }
        if self.errors:
            document["errors"] = self.errors
        return document


def invalid_fields(*errors: tuple[str, str]) -> Problem:
    """400 with one entry in `errors` for each (field, message)."""
    return Problem("Invalid Resource", errors=[{"field": field, "message": text} for field, text in errors])


def invalid_merge_fields(errors: list[tuple[str, str]]) -> Problem:
    entries = [{"field": tag, "message": text} for tag, text in errors]
    return Problem("Invalid Resource", "Your merge fields were invalid.", errors=entries)


def invalid_address() -> Problem:
    return Problem("Invalid Resource", "Please provide a valid email address.")


def looks_fake(email: str) -> Problem:
    return Problem("Invalid Resource", f"{email} looks fake or invalid, please enter a real email address.")


def too_many_lists(email: str) -> Problem:
    return Problem(
        "Invalid Resource",
        f"{email} has signed up to a lot of lists very recently; we're not allowing more signups for now",
    )


def compliance_state(email: str) -> Problem:
    return Problem(
        "Member In Compliance State",
        f"{email} is already a list member in compliance state due to unsubscribe, bounce, or compliance "
        "review and cannot be subscribed.",
    )


def forgotten(email: str) -> Problem:
    return Problem(
        "Forgotten Email Not Subscribed",
        f"{email} was permanently deleted and cannot be re-imported. The contact must re-subscribe to get "
        "back on the list.",
    )


def member_exists(email: str) -> Problem:
    return Problem("Member Exists", f"{email} is already a list member. Use PUT to insert or update list members.")


def cannot_be_removed() -> Problem:
    return Problem(
        "Method Not Allowed",
        "This list member cannot be removed. Can not archive a contact that is bounced, pending or archived",
        headers={"Allow": "GET, PUT"},
    )
