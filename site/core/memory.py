"""What the request in hand has read already, so that it is read once however many blocks of a page ask for it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from wagtail.models import Page

Value = TypeVar("Value")

# None outside a request that only reads: there everything is read each time.
_read: ContextVar[dict[str, Any] | None] = ContextVar("read_in_this_request", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Remember what is read within a `with` block, which is one request."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def once(name: str, read: Callable[[], Value]) -> Value:
    """Give what was read under a name; read it now when nothing was."""
    known = _read.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    return known[name]


def pages(keys: Iterable[int]) -> dict[int, Page]:
    """Pages by their keys, without the fields of their types. Those that are gone are left out."""
    wanted = set(keys)
    known: dict[int, Page] = once("pages", dict)
    if missing := wanted - known.keys():
        known |= Page.objects.in_bulk(missing)
    return {key: known[key] for key in wanted if key in known}
