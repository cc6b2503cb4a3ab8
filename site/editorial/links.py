"""The links of a page or a setting, as its texts and blocks hold them: what each leads to, not whether it works."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urldefrag, urlsplit

from wagtail import blocks
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.models import Page

from core.advice.contents import elements, label, parts
from core.advice.links import destination, path_here
from core.blocks.links import LinkBlock

# Characters of an address that is kept. Browsers and servers take about so many.
MOST = 2000


class Found(NamedTuple):
    """A link: the field it stands in, its words, and one of the things that it may lead to.

    Attributes:
        page, document: keys, also of what is gone; 0 when nothing was chosen.
        address: elsewhere, without the part after `#`.
        nowhere: an address of this site where there is nothing.
        anchor: the part of the page, for a link that names one.
    """

    field: str
    words: str
    page: int | None = None
    document: int | None = None
    address: str = ""
    nowhere: str = ""
    anchor: str = ""


def links_on(page: Any) -> list[Found]:
    """Each link on a page, or in a setting, once.

    Those that need no check are left out: to an email address, to a view of this site.
    """
    found = (link for link in _all(page) if link is not None)
    return list(dict.fromkeys(found))


def links_of(setting: BaseSiteSetting) -> list[Found]:
    """The links in the texts and blocks of a setting, and the pages that were chosen in its fields."""
    chosen = [
        Found(label(setting, field.name), str(getattr(setting, field.name)), page=key)
        for field in setting._meta.concrete_fields
        if field.related_model is Page and (key := getattr(setting, field.attname))
    ]
    return chosen + links_on(setting)


def _all(page: Any) -> Iterator[Found | None]:
    for field, element in elements(page, "a"):
        yield _of_element(page, field, element)
    for field, block, value in parts(page):
        if isinstance(block, LinkBlock):
            if value.get("address"):
                yield _of_address(page, field, value.text, value["address"])
            else:
                yield Found(field, value.text, page=_key(value.get("page")))
        elif isinstance(block, blocks.PageChooserBlock) and (value or block.required):
            yield Found(field, str(value or ""), page=_key(value))
        elif isinstance(block, DocumentChooserBlock) and (value or block.required):
            yield Found(field, str(value or ""), document=_key(value))
        elif isinstance(block, blocks.URLBlock) and value:
            yield _of_address(page, field, value, value)


def _of_element(page: Any, field: str, element: Any) -> Found | None:
    """A link of a text, stored as `<a linktype="page" id="1">` or `<a href="…">`."""
    words = " ".join(element.get_text().split())
    key = int(element["id"]) if str(element.get("id", "")).isdecimal() else 0
    if element.get("linktype") == "page":
        return Found(field, words, page=key)
    if element.get("linktype") == "document":
        return Found(field, words, document=key)
    return _of_address(page, field, words, element.get("href", ""))


def _of_address(page: Any, field: str, words: str, address: str) -> Found | None:
    address, anchor = urldefrag(address.strip())
    if not address:
        # In a setting it means a part of whichever page is read.
        return Found(field, words, page=page.pk, anchor=anchor) if anchor and isinstance(page, Page) else None
    target, fault = destination(address)
    if fault:
        return Found(field, words, nowhere=address[:MOST])
    if target is not None:
        return Found(field, words, page=target.pk, anchor=anchor)
    return Found(field, words, address=address) if _is_elsewhere(address) else None


def _is_elsewhere(address: str) -> bool:
    """Whether it is an address of another site that can be asked for. Those of this site have been looked up."""
    try:
        parts_of_it = urlsplit(address)
    except ValueError:
        return False
    is_asked = parts_of_it.scheme in ("http", "https") and bool(parts_of_it.hostname)
    return is_asked and len(address) <= MOST and not path_here(address)


def _key(record: Any) -> int:
    return record.pk if record is not None else 0


def titles(found: list[Found]) -> dict[tuple[str, int], str]:
    """The titles of the pages and documents that links lead to, by kind and key."""
    pages = Page.objects.filter(pk__in={link.page for link in found if link.page})
    documents = get_document_model()._default_manager.filter(pk__in={link.document for link in found if link.document})
    return {("page", pk): title for pk, title in pages.values_list("pk", "title")} | {
        ("document", pk): title for pk, title in documents.values_list("pk", "title")
    }
