"""What is refused whatever a view thinks of it: methods nobody needs, and bodies longer than anybody needs."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from core.middleware import may_be_editor

# What Django's and Wagtail's views know; many say themselves which of them they take. TRACE would send back what a
# visitor's browser keeps from scripts (RFC 9110, 9.3.8).
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class RequestLimitsMiddleware:
    """Answer 413 before any view, and 405 where the view has not done so.

    Files of a form are written to the disk while they come, however many and by whomever, unless the form itself reads
    its own body (core.bodies). A body without a length is no body to Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > (settings.UPLOAD_LIMIT if may_be_editor(request) else settings.BODY_LIMIT):
            return HttpResponse("That is more than this site takes.", status=413, content_type="text/plain")
        response = self.get_response(request)
        if request.method not in METHODS and response.status_code != 405:  # views that look only for a POST
            response.close()
            return HttpResponseNotAllowed(METHODS)
        return response


def _length(request: HttpRequest) -> int:
    """The bytes that are announced; 0 when that is no number, as Django takes it."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0
