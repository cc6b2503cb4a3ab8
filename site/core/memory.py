"""What has been read already: by the request in hand, so that it is read once however many blocks of a page ask for it,
and by all that are rendered to be kept, as long as nothing public changes.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wagtail.models import Page

Value = TypeVar("Value")

# Seconds for which something may be shared that nothing is known to have changed. A page made of it may be kept for 50
# more, and what was changed behind our back is to be right within a minute.
LONGEST_SHARED = 8.0


@dataclass
class _Shared:
    """What pages share until something public changes."""

    generation: str = ""
    began: float = field(default_factory=time.monotonic)
    values: dict[str, Any] = field(default_factory=dict)


# None outside a request that only reads: there everything is read each time.
_read: ContextVar[dict[str, Any] | None] = ContextVar("read_in_this_request", default=None)
# None in a request whose answer is not to be kept, such as an editor's.
_shared_now: ContextVar[dict[str, Any] | None] = ContextVar("shared_with_this_request", default=None)
_latest = _Shared()


@contextmanager
def remembered(generation: str | None = None) -> Iterator[None]:
    """Remember what is read within a `with` block, which is one request.

    Args:
        generation: as the page cache read it before; then the request shares what `until_a_change` reads with others of
            the same generation in this process.
    """
    tokens = _read.set({}), _shared_now.set(_values_of(generation) if generation else None)
    try:
        yield
    finally:
        _read.reset(tokens[0])
        _shared_now.reset(tokens[1])


def once(name: str, read: Callable[[], Value]) -> Value:
    """Give what was read under a name; read it now when nothing was."""
    return _known(_read.get(), name, read)


def until_a_change(name: str, read: Callable[[], Value]) -> Value:
    """The same for what is on every page: give what any request read under a name since something public changed.

    Other threads may have it in their hands: whoever gets it must leave it as it is.
    """
    shared = _shared_now.get()
    return once(name, read) if shared is None else _known(shared, name, read)


def _known(known: dict[str, Any] | None, name: str, read: Callable[[], Value]) -> Value:
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    return known[name]


def _values_of(generation: str) -> dict[str, Any]:
    global _latest
    latest = _latest
    if latest.generation != generation or time.monotonic() - latest.began > LONGEST_SHARED:
        latest = _latest = _Shared(generation)
    return latest.values


def pages(keys: Iterable[int]) -> dict[int, Page]:
    """Pages by their keys, without the fields of their types. Those that are gone are left out."""
    wanted = set(keys)
    known: dict[int, Page] = once("pages", dict)
    if missing := wanted - known.keys():
        known |= Page.objects.in_bulk(missing)
    return {key: known[key] for key in wanted if key in known}
