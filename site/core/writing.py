"""Write starting content: blocks of a page's body as plain data, in the form that a StreamField stores.

Text is written by the developers of the site, never by visitors, so it may hold inline markup.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wagtail.models import Page

from core.content import Content
from core.models import SiteDocument, StartingPoint

Block = dict[str, Any]


def prose(words: str) -> str:
    """Paragraphs and lists as markup.

    Args:
        words: paragraphs divided by empty lines; one whose lines begin with `- ` is a list. Other line ends are
            spaces.
    """
    return "".join(_paragraph(part) for part in re.split(r"\n\s*\n", words.strip()))


def _paragraph(words: str) -> str:
    if not words.lstrip().startswith("- "):
        return f"<p>{_line(words)}</p>"
    items = re.split(r"^\s*- ", words, flags=re.MULTILINE)[1:]
    return f"<ul>{''.join(f'<li>{_line(item)}</li>' for item in items)}</ul>"


def _line(words: str) -> str:
    return " ".join(words.split())


def page_link(page: Page | None, words: str) -> str:
    """A link to a page that follows it when it moves; only the words when the page is gone."""
    return f'<a linktype="page" id="{page.pk}">{words}</a>' if page is not None else words


def link(page: Page | None, words: str = "") -> Block:
    """A link of `core.blocks.links`, with the page's title unless words are given."""
    return {"page": page.pk if page is not None else None, "address": "", "label": words}


def text(words: str) -> Block:
    """A block of paragraphs and lists, written as for `prose`."""
    return {"type": "text", "value": prose(words)}


def heading(words: str) -> Block:
    """The heading of a section."""
    return {"type": "heading", "value": {"text": words, "level": "2"}}


def question(asked: str, answer: str) -> Block:
    """A question of an interview, and the answer written as for `prose`."""
    return {"type": "question", "value": {"question": asked, "answer": prose(answer)}}


def accordion(parts: Mapping[str, str]) -> Block:
    """Parts that open: `{heading: words}`, the words written as for `prose`."""
    items = [{"heading": name, "body": prose(words)} for name, words in parts.items()]
    return {"type": "accordion", "value": {"items": items}}


def key_figures(*figures: tuple[str, str]) -> Block:
    """One to four figures: each the figure and what it counts."""
    items = [{"figure": figure, "label": label, "source": ""} for figure, label in figures]
    return {"type": "key_figures", "value": {"figures": items}}


def table(caption: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Block:
    """A table of words."""
    columns = [{"type": "text", "heading": words} for words in headings]
    cells = {"columns": columns, "rows": [{"values": list(row)} for row in rows]}
    return {"type": "table", "value": {"caption": caption, "table": cells}}


def download(document: SiteDocument | None) -> Block:
    """A document to download, with its own summary."""
    return {"type": "download", "value": {"document": document.pk if document is not None else None}}


def call_to_action(title: str, words: str, page: Page | None, button: str) -> Block:
    """One thing to do next, with a button that leads to a page."""
    return {"type": "call_to_action", "value": {"heading": title, "text": words, "link": link(page, button)}}


def related_pages(title: str, *pages: Page | None) -> Block:
    """Pages to go on to. Those that are gone are left out."""
    return {
        "type": "related_pages",
        "value": {"heading": title, "pages": [page.pk for page in pages if page is not None]},
    }


def sign_up(title: str, words: str) -> Block:
    """The mailing-list form."""
    return {"type": "sign_up", "value": {"heading": title, "text": words}}


def starting_point(name: str, description: str, position: int, page: Page) -> StartingPoint:
    """A starting point with what a page holds, which is never saved; the one of that name, if there is one."""
    point = StartingPoint(name=name, description=description, sort_order=position)
    point.take_from(page)
    return StartingPoint.objects.filter(name=name).first() or point


def append(content: Content, key: str, field: str, *blocks: Block) -> None:
    """Add blocks to the end of a loaded page's text, once, and publish it.

    For what can be written only when every app has loaded its pages, such as links to them.

    Args:
        content: the load under way.
        key: of the page. A page that is gone is left alone.
        field: name of its StreamField.
        blocks: as made by the functions above.
    """
    page = content.find(key)
    if page is None:
        return

    def add() -> None:
        setattr(page, field, [*getattr(page, field).raw_data, *blocks])
        page.save_revision(clean=False).publish()

    content.step(f"{key}.{field}.appended", add)
