"""How a view says that its answers may be kept."""

from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest
from wagtail.models import get_page_models

View = Callable[..., Any]

_ARGUMENTS = "page_cache.arguments"
_of_views: set[str] = set()


def public(*arguments: str) -> Callable[[View], View]:
    """Say that a view's answers to GET are the same for everyone, so that they may be kept.

    Asked by the page cache, the view sees a request that nobody wrote: the host, the path and the arguments that views
    and page types state, and no header of the visitor's. Put it above all other decorators.

    Args:
        arguments: names of the query arguments by which its answers differ.
    """
    _of_views.update(arguments)

    def mark(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            uses_arguments(request, arguments)
            return view(request, *args, **kwargs)

        answer.is_public = True  # ty: ignore[missing-attribute]
        return answer

    return mark


def is_public(view: View) -> bool:
    """Whether a view has said so."""
    return getattr(view, "is_public", False)


def uses_arguments(request: HttpRequest, names: Iterable[str]) -> None:
    """State the query arguments by which the answer in hand may differ. An answer to others is not kept."""
    request.META[_ARGUMENTS] = frozenset(names)


def arguments_used(environ: dict[str, Any]) -> frozenset[str]:
    """What `uses_arguments` stated while a WSGI request was answered; nothing by default."""
    return environ.get(_ARGUMENTS, frozenset())


@cache
def all_arguments() -> frozenset[str]:
    """The query arguments of all views and page types. Others never reach a public view through the page cache."""
    of_pages = {name for model in get_page_models() for name in getattr(model, "query_arguments", ())}
    return frozenset(_of_views | of_pages)
