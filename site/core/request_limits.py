"""What is refused whatever a view thinks of it: methods nobody needs, bodies longer than anybody needs, values that no
field and no database can hold.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.paginator import InvalidPage
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from core.middleware import may_be_editor

logger = logging.getLogger(__name__)

# What Django's and Wagtail's views know; many say themselves which of them they take. TRACE would send back what a
# visitor's browser keeps from scripts (RFC 9110, 9.3.8).
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNREADABLE = "This was asked with a value that the site cannot read. Go back, look at what was typed, and try again."


class RequestLimitsMiddleware:
    """Answer 413 before any view, 405 where the view has not done so, and 400 where it stumbles over a value.

    Files of a form are written to the disk while they come, however many and by whomever, unless the form itself reads
    its own body (core.bodies). A body without a length is no body to Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > (settings.UPLOAD_LIMIT if may_be_editor(request) else settings.BODY_LIMIT):
            return HttpResponse("That is more than this site takes.", status=413, content_type="text/plain")
        if any("\0" in value for value in request.COOKIES.values()):  # pages of errors look for the session too
            return HttpResponse(UNREADABLE, status=400, content_type="text/plain")
        response = self.get_response(request)
        if request.method not in METHODS and response.status_code != 405:  # views that look only for a POST
            response.close()
            return HttpResponseNotAllowed(METHODS)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 400 to a value that the view should have refused. It is logged as a fault would be."""
        if not _is_of_a_value(request, error):
            return None
        logger.error("a value that cannot be read", exc_info=error)
        return HttpResponse(UNREADABLE, status=400, content_type="text/plain")


def _is_of_a_value(request: HttpRequest, error: Exception) -> bool:
    """Whether what was sent made a view fail.

    PostgreSQL takes no NUL and SQLite no number above 64 bits; and Wagtail's lists, choosers and bulk actions hand what
    stands after the question mark of an address to fields, paginators and queries as it is (an offset that SQLite
    cannot count to is an IntegrityError).
    """
    if isinstance(error, DataError) or (isinstance(error, OverflowError) and "SQLite" in str(error)):
        return True
    is_of_arguments = request.path.startswith("/admin/") and request.method in ("GET", "HEAD") and bool(request.GET)
    return is_of_arguments and isinstance(error, ValueError | OverflowError | InvalidPage | IntegrityError)


def _length(request: HttpRequest) -> int:
    """The bytes that are announced; 0 when that is no number, as Django takes it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
