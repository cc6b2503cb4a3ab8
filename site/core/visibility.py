"""Which pages and documents every reader may see: those that are not behind a password, a login or a group.

Lists, links and related pages ask here, so that nothing of a private page, not even its title, is shown elsewhere.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from core import memory

Pages = TypeVar("Pages", bound=QuerySet)


def private_paths() -> tuple[str, ...]:
    """The tree paths of private pages and of their aliases. Whatever lies beneath them is private too."""
    return memory.once("private paths", _private_paths)


def _private_paths() -> tuple[str, ...]:
    # Not by a join with the restrictions: when there is none, SQLite looks through all pages for them.
    restricted = Page.objects.order_by().filter(pk__in=PageViewRestriction.objects.values("page"))
    rows = restricted.values_list("path", "aliases__path")
    return tuple({path for row in rows for path in row if path})


def private_collections() -> frozenset[int]:
    """The keys of private collections and of all beneath them."""
    return memory.once("private collections", _private_collections)


def _private_collections() -> frozenset[int]:
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    above = CollectionViewRestriction.objects.annotate(path=path).filter(path__startswith=F("collection__path"))
    return frozenset(Collection.objects.filter(Exists(above)).values_list("pk", flat=True))


def is_visible(page: Page | None) -> bool:
    """Whether every reader may see a page. There may be no page: editors delete what others link to."""
    return page is not None and page.live and not page.path.startswith(private_paths())


def only_visible(pages: Iterable[Any]) -> list[Any]:
    """The pages of a list that every reader may see, in its order, each once."""
    return list(dict.fromkeys(page for page in pages if is_visible(page)))


def visible(pages: Pages) -> Pages:
    """The pages of a queryset that every reader may see."""
    return pages.filter(visible_pages())


def visible_pages(prefix: str = "") -> Q:
    """The condition that every reader may see a page.

    Args:
        prefix: how a query reaches the page from elsewhere, such as "page__".
    """
    condition = Q(**{f"{prefix}live": True})
    for path in private_paths():
        condition &= ~Q(**{f"{prefix}path__startswith": path})
    return condition


def only_public(documents: Iterable[Any]) -> list[Any]:
    """The documents of a list that are there and in no private collection."""
    present = [document for document in documents if document is not None]
    private = private_collections() if present else ()
    return [document for document in present if document.collection_id not in private]


def below(parent: Page, pages: Pages) -> Pages:
    """The pages of a queryset directly beneath a page; none beneath one that has no place in the tree yet."""
    return pages.child_of(parent) if parent.path else pages.none()
