"""What is refused whatever a view thinks of it: methods nobody needs, bodies longer than anybody needs, values that no
field and no database can hold, forms that came without some of their fields.
"""

import logging
from collections.abc import Callable, Iterator
from traceback import walk_tb
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage
from django.db import DataError, IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import NoReverseMatch
from django.utils.datastructures import MultiValueDictKeyError

from core.middleware import may_be_editor

logger = logging.getLogger(__name__)

# What Django's and Wagtail's views know; many say themselves which of them they take. TRACE would send back what a
# visitor's browser keeps from scripts (RFC 9110, 9.3.8).
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNREADABLE = "This was asked with a value that the site cannot read. Go back, look at what was typed, and try again."
NOT_WHOLE = (
    "A part of the form did not arrive, so nothing of it was kept. Go back, where what you wrote should still be, and "
    "send it again."
)


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
        """Answer 400 to what the view should have refused. It is logged as a fault would be."""
        if _is_of_a_value(request, error):
            logger.error("a value that cannot be read", exc_info=error)
            return HttpResponse(UNREADABLE, status=400, content_type="text/plain")
        if _is_of_a_missing_field(request, error):
            logger.error("a form that is not whole", exc_info=error)
            return HttpResponse(NOT_WHOLE, status=400, content_type="text/plain")
        return None


def _is_of_a_value(request: HttpRequest, error: Exception) -> bool:
    """Whether what was sent made a view fail.

    PostgreSQL takes no NUL and SQLite no number above 64 bits; and Wagtail's lists, choosers and bulk actions hand what
    stands after the question mark of an address to fields, paginators and queries as it is (an offset that SQLite
    cannot count to is an IntegrityError). Its blocks read numbers and JSON that scripts have put into a form.
    """
    if isinstance(error, DataError) or (isinstance(error, OverflowError) and "SQLite" in str(error)):
        return True
    if not request.path.startswith("/admin/"):
        return False
    if request.method in ("GET", "HEAD") and request.GET:
        return isinstance(error, ValueError | OverflowError | InvalidPage | IntegrityError)
    if isinstance(error, NoReverseMatch):
        return _is_no_address(request.POST.get("next") or request.GET.get("next", ""))
    return isinstance(error, ValueError) and _is_raised_by_what_was_sent(request, error)


def _is_no_address(text: str) -> bool:
    """Whether Django takes a text that is to be gone on to for the name of a view, since it is no address."""
    return bool(text) and not {"/", "."} & set(text)


def _is_raised_by_what_was_sent(request: HttpRequest, error: Exception) -> bool:
    """Whether a widget failed while it read what was sent, or a query at a value that was sent as it is."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    if any(frame.f_code.co_name == "value_from_datadict" for frame in frames):
        return True
    sent = {value for _, values in request.POST.lists() for value in values}
    return any(
        frame.f_code.co_name == "get_prep_value" and str(frame.f_locals.get("value")) in sent for frame in frames
    )


def _is_of_a_missing_field(request: HttpRequest, error: Exception) -> bool:
    """Whether a view of the admin failed for want of a field that browsers send with its form.

    Wagtail's blocks and some of its views take fields out of what was sent by their names, and some of its forms go on
    to use a field that was not there. What fails with all fields at hand is a fault of the site's.
    """
    if not request.path.startswith("/admin/"):
        return False
    if isinstance(error, MultiValueDictKeyError):
        return True
    is_of_nothing = isinstance(error, AttributeError | LookupError | TypeError | ValueError)
    return is_of_nothing and any(_is_not_whole(form) for form in _forms_being_read(error))


def _forms_being_read(error: Exception) -> Iterator[Any]:
    """The forms that an exception was raised in while they read what was sent."""
    for frame, _ in walk_tb(error.__traceback__):
        form = frame.f_locals.get("self")
        if isinstance(form, BaseForm) and frame.f_code.co_name == "full_clean":
            yield form


def _is_not_whole(form: Any) -> bool:
    """Whether a form lacks a field that a browser sends also when it is empty: no box to tick, and no file."""
    return any(
        field.widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name))
        for name, field in form.fields.items()
        if not (field.disabled or field.widget.needs_multipart_form)
    )


def _length(request: HttpRequest) -> int:
    """The bytes that are announced; 0 when that is no number, as Django takes it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
