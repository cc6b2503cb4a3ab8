"""Reading what a form has sent, whatever it is."""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError

# Bytes of a form's body: ten times what the longest valid one needs.
BODY_LIMIT = 64 * 1024
TOO_LONG = "What was sent is too long."
UNREADABLE = "What was sent could not be read. Please try again."


class BodyRefused(Exception):
    """What was sent cannot be taken.

    Attributes:
        status: for the answer, 400 or 413.
        problem: why, in words for the person.
    """

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status, self.problem = status, problem


def sent_fields(request: HttpRequest) -> QueryDict:
    """The fields of a form.

    Raises:
        BodyRefused: it is too long, or no form.
    """
    if _length(request) > BODY_LIMIT:
        raise BodyRefused(413, TOO_LONG)
    try:
        return request.POST
    except (BadRequest, SuspiciousOperation, UnreadablePostError, ValueError) as error:
        raise BodyRefused(400, UNREADABLE) from error


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
