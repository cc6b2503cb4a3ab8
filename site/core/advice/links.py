"""Where the links of a page lead, and what their words say."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from wagtail import blocks
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.models import Page

from core import memory
from core.advice import Advice
from core.advice.contents import elements, parts
from core.blocks.links import LinkBlock
from core.routing import find_page
from core.visibility import is_visible, only_public

# Words that say nothing when a screen reader reads the links of a page one after the other (WCAG 2.4.4, 2.4.9).
VAGUE = frozenset(
    (
        *("here", "see here", "click", "click here", "click this link", "link", "this", "this link", "this page"),
        *("more", "more info", "more information", "read more", "read on", "learn more", "find out more"),
    )
)
# What is wrong with a target, as the end of a sentence that names it.
GONE = "is gone: what it stood for was deleted, or never chosen."
HIDDEN = "is not published, or is private."
NOWHERE = "leads to an address of this site where there is nothing."
CHOOSE_ANOTHER = "Choose another one, or take it out."


class Link(NamedTuple):
    """A link on a page: the field it stands in, its words, and what is wrong with its target if anything is."""

    field: str
    words: str
    fault: str


def vague_links(page: Any) -> Iterator[Advice]:
    """Links whose words do not say where they lead."""
    remedy = "Let the words say what the reader will find, for example “the survey of 2016”."
    for link in links(page):
        words = " ".join(link.words.casefold().strip(" .:…›»→").split())
        if words in VAGUE:
            yield Advice(link.field, f"The words of the link “{link.words}” do not say where it leads.", remedy)
        elif words.startswith(("http://", "https://", "www.")):
            yield Advice(link.field, f"The words of the link “{link.words}” are an address.", remedy)


def broken_links(page: Any) -> Iterator[Advice]:
    """Links and chosen pages and documents that readers would not get to."""
    for link in links(page):
        if link.fault:
            yield Advice(link.field, f"The link “{link.words or 'without words'}” {link.fault}", CHOOSE_ANOTHER)
    for field, block, value in parts(page):
        if isinstance(block, blocks.PageChooserBlock) and (fault := _fault_of_page(value)):
            yield Advice(field, f"“{value or 'A page'}”, chosen here, {fault} Readers do not see it.", CHOOSE_ANOTHER)
        elif isinstance(block, DocumentChooserBlock) and (fault := _fault_of_document(value)):
            yield Advice(field, f"“{value or 'A file'}”, chosen here, {fault} Readers do not see it.", CHOOSE_ANOTHER)


def links(page: Any) -> Iterator[Link]:
    """The links in the texts of a page, then those in its blocks."""
    for field, element in elements(page, "a"):
        yield Link(field, element.get_text(), _fault_of_element(element))
    for field, block, value in parts(page):
        if isinstance(block, LinkBlock):
            fault = _fault_of_address(value["address"]) if value.get("address") else _fault_of_page(value.get("page"))
            yield Link(field, value.text, fault)


def _fault_of_element(element: Any) -> str:
    """What is wrong with a link of a text, stored as `<a linktype="page" id="1">` or `<a href="…">`."""
    key = int(element["id"]) if str(element.get("id", "")).isdecimal() else 0
    if element.get("linktype") == "page":
        return _fault_of_page(memory.pages([key]).get(key))
    if element.get("linktype") == "document":
        return _fault_of_document(get_document_model()._default_manager.filter(pk=key).first())
    return _fault_of_address(element.get("href", ""))


def _fault_of_page(page: Page | None) -> str:
    if page is None:
        return GONE
    return "" if is_visible(page) else HIDDEN


def _fault_of_document(document: Any) -> str:
    if document is None:
        return GONE
    return "" if only_public([document]) else HIDDEN


def path_here(address: str) -> str:
    """The path that an address leads to on this site; empty for one elsewhere, or one that cannot be read."""
    try:
        target, here = urlsplit(address), urlsplit(settings.SITE_URL)
    except ValueError:
        return ""
    is_here = target.netloc == here.netloc if target.netloc else not target.scheme and address.startswith("/")
    if not is_here:
        return ""
    path = target.path or "/"
    return path if path.endswith("/") or "." in path.rsplit("/", 1)[-1] else f"{path}/"


def _fault_of_address(address: str) -> str:
    """What is wrong with an address, if it is one of this site: others are not asked."""
    page, fault = destination(address)
    return fault or ("" if page is None else _fault_of_page(page))


def destination(address: str) -> tuple[Page | None, str]:
    """The page of this site that readers get to at an address, and what is wrong when there is nothing.

    Both are empty for an address elsewhere, one that is redirected, and one that is no page's.
    """
    path = path_here(address)
    if not path or Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists():
        return None, ""
    try:
        match = resolve(path)
    except Resolver404:
        return None, NOWHERE
    if match.url_name not in ("page", "page-data"):
        return None, ""
    found = find_page(HttpRequest(), path.lstrip("/"))
    return (found.page, "") if found else (None, NOWHERE)
