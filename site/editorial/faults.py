"""What is wrong with links to pages and documents of this site, kept up to date as these come and go."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.documents import get_document_model
from wagtail.models import Page

from core.visibility import private_collections, visible
from editorial.models import PageLink

GONE, HIDDEN = PageLink.Fault.GONE, PageLink.Fault.HIDDEN
# How many links are written at once: databases take only so many keys in a question.
CHUNK = 1000


def settle(links: QuerySet[PageLink] | None = None) -> None:
    """Say of links whether what they lead to is there for readers. Of all links when none are given."""
    links = PageLink.objects.all() if links is None else links
    pages = Page.objects.filter(pk=OuterRef("target_page"))
    documents = get_document_model()._default_manager.filter(pk=OuterRef("target_document"))
    open_documents = documents.exclude(collection__in=private_collections())
    _settle(links.filter(target_page__isnull=False), Exists(pages), Exists(visible(pages)))
    _settle(links.filter(target_document__isnull=False), Exists(documents), Exists(open_documents))


def gone(links: QuerySet[PageLink]) -> None:
    """Say of links that what they lead to was deleted."""
    _write(links.exclude(fault=GONE), GONE)


def _settle(links: QuerySet[PageLink], is_there: Exists, is_seen: Exists) -> None:
    # An answer that is the same already is not written again: on SQLite each writing waits for the only lock.
    for fault, condition in (
        (GONE, ~Q(is_there)),
        (HIDDEN, Q(is_there) & ~Q(is_seen)),
    ):
        _write(links.exclude(fault=fault).filter(condition), fault)
    _write(links.filter(fault__in=(GONE, HIDDEN)).filter(is_seen), "")


def _write(links: QuerySet[PageLink], fault: str) -> None:
    """Write a fault. What was ignored was another one, so it is told of again."""
    keys = list(links.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = PageLink.objects.filter(pk__in=keys[start : start + CHUNK])
        chunk.update(fault=fault, ignored_at=None, ignored_by=None)
