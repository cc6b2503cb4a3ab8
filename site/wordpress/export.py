"""Reading a WordPress export (WXR), item by item and without trusting it.

WXR is RSS 2.0 with elements of its own; WordPress writes it in wp-admin/includes/export.php. Versions 1.0 to 1.2 differ
in the namespace alone, so elements are told by their local names.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

# Characters of the export between the ends of two items. The longest post is a fraction of it.
LONGEST_ITEM = 20_000_000
# XML 1.0 knows no such control characters, but WordPress exports whatever somebody once pasted. And byte order marks.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff\ufffe\uffff\ud800-\udfff]")
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*encoding=["']([\w-]{1,30})["']""")


class ExportError(Exception):
    """The file is no WordPress export, or cannot be read to its end. The message says where."""


@dataclass(frozen=True, slots=True)
class Term:
    """A category or tag of an item: `domain` is "category", "post_tag" or another taxonomy."""

    domain: str
    slug: str
    name: str


@dataclass(slots=True)
class Item:
    """One item of the export: a post, a page, a file, or anything else that WordPress keeps as one.

    Attributes:
        position: in the export, from 0.
        number: WordPress's own; 0 when there is none.
        date, date_gmt, modified: as "2015-03-04 09:10:00"; the first in the time of the site. May be zeros or empty.
        meta: custom fields, the last of each name.
        comments, pingbacks: how many there are; what they say is not kept.
    """

    position: int
    number: int = 0
    kind: str = ""
    title: str = ""
    content: str = ""
    excerpt: str = ""
    link: str = ""
    guid: str = ""
    slug: str = ""
    parent: int = 0
    status: str = ""
    author: str = ""
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    password: str = ""
    attachment: str = ""
    terms: list[Term] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0
    pingbacks: int = 0


@dataclass(slots=True)
class Blog:
    """What the export says of the whole site.

    Attributes:
        address: of its front page, without a slash at the end.
        hosts: names under which it was known, in lower case.
        authors: display names by login.
        parents: slugs of the categories above a category, by its slug.
    """

    address: str = ""
    hosts: set[str] = field(default_factory=set)
    authors: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)


class _Text:
    """A file of bytes as characters that an XML parser takes.

    Bytes that are not of the declared encoding are read as Windows-1252, which is what they nearly always are.

    Raises (`read`):
        ExportError: an item does not end.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        found = DECLARED.match(file.read(200).removeprefix(codecs.BOM_UTF8))
        file.seek(0)
        name = found[1].decode() if found else "utf-8"
        try:
            codec = codecs.lookup(name)
        except LookupError as error:
            raise ExportError(f"The file says that its encoding is “{name}”, which nobody knows.") from error
        self._decoder = codec.incrementaldecoder(errors="windows-1252")
        self.since_last_item = 0

    def read(self, size: int) -> str:
        """About so many characters; none at the end."""
        text = ""
        while not text and (data := self._file.read(size)):
            text = FORBIDDEN.sub("", self._decoder.decode(data))
        self.since_last_item += len(text)
        if self.since_last_item > LONGEST_ITEM:
            raise ExportError(f"There is an item of more than {LONGEST_ITEM:,} characters. This is no export.")
        return text


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows)


def read_all(paths: Iterable[Path], blog: Blog) -> Iterator[Item]:
    """The items of the files of an export, as if they were one. Large sites give several.

    Raises:
        ExportError: as for `read_items`, or the files are of different sites.
    """
    position = 0
    for path in paths:
        address = blog.address
        for item in read_items(path, blog):
            item.position = position
            position += 1
            yield item
        if address and blog.address != address:
            raise ExportError(f"{path} is of {blog.address}, and the file before it of {address}.")


def read_items(path: Path, blog: Blog) -> Iterator[Item]:
    """The items of an export in their order, one in memory at a time.

    Args:
        path: of the file.
        blog: filled as the file is read; complete after the last item.

    Raises:
        ExportError: the file cannot be opened or read to its end, or is no export.
    """
    try:
        with path.open("rb") as file:
            yield from _read(file, blog)
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}.") from error
    except ParseError as error:
        line, column = error.position
        raise ExportError(f"The file is broken in line {line}, column {column}: {error.msg}.") from error
    except (DefusedXmlException, UnicodeError) as error:
        raise ExportError(f"The file holds what no export holds: {type(error).__name__}.") from error
    if not blog.address:
        raise ExportError("The file says nothing of the address of the site: it is no WordPress export.")


def _read(file: BinaryIO, blog: Blog) -> Iterator[Item]:
    text = _Text(file)
    above: list[Element] = []
    position = 0
    for event, element in iterparse(text, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            above.append(element)
            continue
        above.pop()
        if len(above) != 2:  # neither rss > channel > this
            continue
        name = _name(element)
        if name == "item":
            yield _item(element, position)
            position += 1
            text.since_last_item = 0
        else:
            _note(blog, name, element)
        above[-1].remove(element)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _texts(element: Element) -> dict[str, str]:
    """The texts of an element's children by their names; of an excerpt and a content, by their namespaces."""
    texts: dict[str, str] = {}
    for child in element:
        name = "excerpt" if "/excerpt/" in child.tag else _name(child)
        texts.setdefault(name, child.text or "")
    return texts


def _note(blog: Blog, name: str, element: Element) -> None:
    """Take what an element beside the items says of the site."""
    texts, own = _texts(element), (element.text or "").strip()
    if name in ("link", "base_site_url", "base_blog_url") and own:
        blog.address = own.rstrip("/")  # base_blog_url comes last, and is the most particular
        host = _host(own)
        blog.hosts |= {host, host.removeprefix("www."), f"www.{host.removeprefix('www.')}"} if host else set()
    elif name == "author":
        blog.authors[texts.get("author_login", "")] = plain(texts.get("author_display_name", ""))
    elif name == "category" and texts.get("category_parent"):
        blog.parents[texts.get("category_nicename", "")] = texts["category_parent"]


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _item(element: Element, position: int) -> Item:
    texts = _texts(element)
    item = Item(
        position=position,
        number=_number(texts.get("post_id")),
        kind=texts.get("post_type", "").strip(),
        title=plain(texts.get("title", "")),
        content=texts.get("encoded", ""),
        excerpt=texts.get("excerpt", ""),
        link=texts.get("link", "").strip(),
        guid=texts.get("guid", "").strip(),
        slug=texts.get("post_name", "").strip(),
        parent=_number(texts.get("post_parent")),
        status=texts.get("status", "").strip(),
        author=texts.get("creator", "").strip(),
        date=texts.get("post_date", "").strip(),
        date_gmt=texts.get("post_date_gmt", "").strip(),
        modified=(texts.get("post_modified_gmt") or texts.get("post_modified") or "").strip()[:19],
        password=texts.get("post_password", ""),
        attachment=texts.get("attachment_url", "").strip(),
    )
    for child in element:
        _add(item, _name(child), child)
    return item


def _add(item: Item, name: str, child: Any) -> None:
    """Take what an item may have many of."""
    if name == "category":
        item.terms.append(Term(child.get("domain", ""), child.get("nicename", ""), plain(child.text or "")))
    elif name == "postmeta":
        texts = _texts(child)
        item.meta[texts.get("meta_key", "")] = texts.get("meta_value", "")
    elif name == "comment":
        is_comment = _texts(child).get("comment_type", "") in ("", "comment")
        item.comments += is_comment
        item.pingbacks += not is_comment


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def plain(markup: str) -> str:
    """A text on one line, without tags and entities."""
    return " ".join(unescape(re.sub(r"<[^<>]*>", " ", markup)).split())
