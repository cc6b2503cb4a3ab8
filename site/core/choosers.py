"""What Wagtail's choosers of snippets leave open."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.snippets.views.chooser import SnippetCreateView


def make_nothing_without_a_form() -> None:
    """Have a chooser answer 404 where it has no form by which to make what is chosen.

    It has an address for that all the same, and Wagtail's view fails there.
    """
    as_wagtail_does = SnippetCreateView.dispatch

    def dispatch(self: SnippetCreateView, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.get_creation_form_class() is None:
            raise Http404
        return as_wagtail_does(self, request, *args, **kwargs)

    SnippetCreateView.dispatch = dispatch
