"""Turning the text of a WordPress post into the blocks that editors write with here.

Every piece of markup in a block is written here or in `wordpress.inline`, from words that are escaped: nothing of the
old markup is passed on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import NavigableString, Tag

from core.video import player_address
from wordpress.cleaning import HEADINGS, Cleaned, counted
from wordpress.inline import Lines, shown, trimmed
from wordpress.shortcodes import replace_shortcodes
from wordpress.tables import table_block
from wordpress.targets import Targets

Block = dict[str, Any]

PICTURES = ("img", "wp-gallery")
PLAYERS = ("iframe", "video", "audio")
# Elements that end the paragraph that stands before them.
DIVIDING = (
    "address article aside blockquote center dd details div dl dt figcaption figure footer header hr li main ol p pre "
    "section summary table tbody td tfoot th thead tr ul"
)
STRUCTURE = HEADINGS | frozenset(DIVIDING.split())
# Lengths of the blocks' fields (core.blocks).
LONGEST_HEADING, LONGEST_QUOTATION, LONGEST_SOURCE, LONGEST_CAPTION, LONGEST_TITLE = 120, 1000, 160, 255, 160
TRACKING_PIXEL = frozenset(("0", "1", "2"))
DOCUMENT_ALONE = re.compile(r'<a linktype="document" id="(\d+)">((?:(?!</?a).)*)</a>')
SOURCE = re.compile(r"^\s*[—–―-]\s*(?=\w)")


@dataclass
class Converted:
    """A text as blocks.

    Attributes:
        blocks: in the form that a StreamField stores.
        changed: what was changed on the way, in words.
        to_do: what a person should look at, in words.
    """

    blocks: list[Block] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    to_do: list[str] = field(default_factory=list)


def convert(text: str, title: str, number: int, targets: Targets) -> Converted:
    """Turn a post's text into blocks.

    Args:
        text: as WordPress keeps it: markup, paragraphs divided by empty lines, shortcodes.
        title: of the post, for what needs a name and has none.
        number: of the post, whose pictures a gallery shows.
        targets: what links and pictures have become.
    """
    is_old_editor = "<!-- wp:" not in text
    replaced, unknown = replace_shortcodes(text.replace("\r\n", "\n"))
    cleaned = Cleaned(replaced)
    writer = _Writer(targets, title, number, is_old_editor)
    writer.walk(cleaned.soup)
    writer.end_text()
    to_do = [*cleaned.to_do, *writer.to_do]
    if unknown:
        to_do.append(f"Shortcodes of plug-ins were taken out: {counted(unknown.elements())}. See what they showed.")
    return Converted(with_levels(writer.blocks), cleaned.changed, list(dict.fromkeys(to_do)))


class _Writer:
    """Walks through a text once and writes blocks."""

    def __init__(self, targets: Targets, title: str, number: int, is_old_editor: bool) -> None:
        self.blocks: list[Block] = []
        self.to_do: list[str] = []
        self._targets, self._title, self._number = targets, title, number
        self._divides_at_empty_lines = is_old_editor
        self._lines = Lines(targets, is_old_editor, self.to_do)
        self._line: list[str] = []  # of the paragraph at hand
        self._paragraphs: list[str] = []  # of the block of text at hand
        self._caption = ""  # of the figure at hand, until something takes it

    # Walking

    def walk(self, parent: Tag) -> None:
        """Write what is in an element."""
        for child in list(parent.children):
            if isinstance(child, Tag):
                self._element(child)
            elif type(child) is NavigableString:
                self._words(str(child))

    def _element(self, element: Tag) -> None:
        writers = {
            **dict.fromkeys(HEADINGS, self._heading),
            **dict.fromkeys(("ul", "ol"), self._list),
            **dict.fromkeys(PLAYERS, self._player),
            "blockquote": self._quotation,
            "figure": self._figure,
            "img": self._image,
            "table": self._table,
            "wp-gallery": self._gallery,
        }
        write = writers.get(element.name)
        if write is not None:
            if element.name not in PICTURES or self._is_between_paragraphs(element):
                self._end_paragraph()
            write(element)
        elif element.name in STRUCTURE:
            self._end_paragraph()
            self.walk(element)
            self._end_paragraph()
        elif element.find([*PICTURES, *PLAYERS, *STRUCTURE]):
            self.walk(element)
        else:
            self._line.append(self._lines.of(element))

    @staticmethod
    def _is_between_paragraphs(element: Tag) -> bool:
        """Whether a picture stands outside a paragraph. One within is put above it, and does not divide it."""
        return element.find_parent(["p", "b", "strong", "i", "em", "span"]) is None

    def _words(self, words: str) -> None:
        parts = re.split(r"\n[^\S\n]*\n\s*", words) if self._divides_at_empty_lines else [words]
        for position, part in enumerate(parts):
            if position:
                self._end_paragraph()
            self._line.append(self._lines.text(part))

    # Text

    def _end_paragraph(self) -> None:
        markup, self._line = trimmed("".join(self._line)), []
        words = shown(markup)
        if not words:
            return
        if video := watch_address(words):
            self._video(video)
        elif (found := DOCUMENT_ALONE.fullmatch(markup)) and int(found[1]):
            self._add("download", {"document": int(found[1]), "description": shown(found[2])[:LONGEST_CAPTION]})
        else:
            self._paragraphs.append(f"<p>{markup}</p>")

    def end_text(self) -> None:
        """Put the paragraphs at hand into a block."""
        self._end_paragraph()
        if self._paragraphs:
            self.blocks.append({"type": "text", "value": "".join(self._paragraphs)})
            self._paragraphs = []

    def _add(self, kind: str, value: Any) -> None:
        paragraphs, self._paragraphs = self._paragraphs, []
        if paragraphs:
            self.blocks.append({"type": "text", "value": "".join(paragraphs)})
        self.blocks.append({"type": kind, "value": value})

    def _list(self, element: Tag) -> None:
        pictures = [picture.extract() for picture in element.find_all([*PICTURES, *PLAYERS])]
        if markup := self._lines.list(element):
            self._paragraphs.append(markup)
        for picture in pictures:
            self._element(picture)

    def _heading(self, element: Tag) -> None:
        for picture in element.find_all(PICTURES):
            self._element(picture.extract())
        words = _words_of(element)
        if len(words) > LONGEST_HEADING:
            self._paragraphs.append(f"<p><b>{trimmed(self._lines.inside(element))}</b></p>")
        elif words:
            self._add("heading", {"text": words, "level": element.name[1]})

    def _quotation(self, element: Tag) -> None:
        source = element.find("cite")
        said = _words_of(source.extract()) if source else ""
        paragraphs = [words for part in element.find_all(["p", "div"]) or [element] if (words := _words_of(part))]
        if not said and len(paragraphs) > 1 and SOURCE.match(paragraphs[-1]):
            said = SOURCE.sub("", paragraphs.pop())
        quotation, said = "\n".join(paragraphs).strip('“”"‘’'), SOURCE.sub("", said)
        has_more = element.find([*PICTURES, *PLAYERS, "ul", "ol", "table"]) is not None
        if quotation and said and len(quotation) <= LONGEST_QUOTATION and len(said) <= LONGEST_SOURCE and not has_more:
            self._add("quotation", {"quotation": quotation, "source": said, "source_detail": ""})
            return
        words = [text for text in element.find_all(string=True) if text.strip()]
        if words and not has_more:  # so that nobody takes it for our own
            words[0].replace_with(NavigableString(f"“{words[0].lstrip(' “')}"))
            last = [text for text in element.find_all(string=True) if text.strip()][-1]
            last.replace_with(NavigableString(f"{last.rstrip(' ”')}”"))
        self.walk(element)
        self._end_paragraph()
        if quotation:
            self.to_do.append(f"A quotation says not whose words they are: “{quotation[:60]}…”")

    # Pictures, films, tables

    def _figure(self, element: Tag) -> None:
        caption = element.find("figcaption", recursive=False)
        words = _words_of(caption.extract()) if isinstance(caption, Tag) else ""
        if not words and "wp-caption" in str(element.get("class", "")) and element.find("img"):
            words = _words_of(element)
            for text in element.find_all(string=True):
                text.extract()
        is_of_all = element.find("figure") is not None  # of a gallery, whose pictures have captions of their own
        self._caption = "" if is_of_all else words
        self.walk(element)
        self._end_paragraph()
        if left := words if is_of_all else self._caption:
            self._line.append(self._lines.text(left))
        self._caption = ""
        self._end_paragraph()

    def _take_caption(self, longest: int) -> str:
        words, self._caption = self._caption, ""
        return words if len(words) <= longest else f"{words[: longest - 1]}…"

    def _image(self, element: Tag) -> None:
        if {element.get("width"), element.get("height")} & TRACKING_PIXEL:
            return
        found = re.search(r"\bwp-image-(\d{1,18})\b", " ".join(element.get_attribute_list("class") or ()))
        address = str(element.get("src", ""))
        number = int(found[1]) if found else 0
        if self._targets.picture(number) is None:
            number = self._targets.number_at(self._targets.old_path(address))
        alt = " ".join(str(element.get("alt", "")).split())
        self._picture(number, alt, address)

    def _picture(self, number: int, alt: str, address: str) -> None:
        picture = self._targets.picture(number)
        caption = self._take_caption(LONGEST_CAPTION)
        if picture is None:
            said = f" Its caption: “{caption}”." if caption else ""
            self.to_do.append(f"A picture is missing: {address or f'number {number}'}.{said}")
            return
        words = (alt or picture.alt)[:LONGEST_CAPTION]
        if not words:
            self.to_do.append(f"The picture {address or number} has no alt text: say what it shows.")
        image = {"image": picture.key, "alt_text": words, "decorative": False}
        self._add("picture", {"image": image, "caption": caption or picture.caption[:LONGEST_CAPTION]})

    def _gallery(self, element: Tag) -> None:
        numbers = [int(number) for number in re.findall(r"\d{1,18}", str(element.get("ids", "")))]
        for number in numbers or self._targets.pictures_of(self._number):
            self._picture(number, "", "")

    def _player(self, element: Tag) -> None:
        source = element.find("source")
        address = str(element.get("src") or (source.get("src") if isinstance(source, Tag) else "") or "")
        title = " ".join(str(element.get("title", "")).split())[:LONGEST_TITLE]
        if video := watch_address(address):
            self._video(video, title)
        elif address:
            self.to_do.append(f"Something was shown or played here that has no place here: {address}")

    def _table(self, element: Tag) -> None:
        caption = element.find("caption")
        words = _words_of(caption.extract()) if isinstance(caption, Tag) else ""
        pictures = [picture.extract() for picture in element.find_all([*PICTURES, *PLAYERS])]
        made = table_block(element, self._lines)
        if made is None:  # one column or row: what lays out, and no table
            self.walk(element)
        else:
            words = self._take_caption(200) or words[:200]
            if not words:
                self.to_do.append("A table has no caption: say what it shows.")
            self._add("table", {"caption": words or self._short_title, "table": made.table})
            self.to_do += made.to_do
        for picture in pictures:
            self._element(picture)

    def _video(self, address: str, title: str = "") -> None:
        self._add(
            "video", {"address": address, "title": title or self._take_caption(LONGEST_TITLE) or self._short_title}
        )

    @property
    def _short_title(self) -> str:
        return self._title[:LONGEST_TITLE]


def _words_of(element: Tag) -> str:
    for part in element.find_all(["br", "p", "div", "li"]):
        part.insert_after(NavigableString(" "))
    return " ".join(element.get_text().split())


def watch_address(words: str) -> str:
    """The address of a video's page on YouTube or Vimeo, from one of its player or one without https; else nothing."""
    if not re.fullmatch(r"(https?:)?//\S+", words):
        return ""
    address = re.sub(r"^(https?:)?//", "https://", words)
    player = player_address(address)
    if found := re.match(r"https://www\.youtube-nocookie\.com/embed/([\w-]+)", player):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if found := re.match(r"https://player\.vimeo\.com/video/(\d+)", player):
        return f"https://vimeo.com/{found[1]}"
    return ""


def with_levels(blocks: list[Block]) -> list[Block]:
    """Blocks whose headings leave out no level: the highest are those of sections, and so is the first."""
    headings = [block["value"] for block in blocks if block["type"] == "heading"]
    highest = min((value["level"] for value in headings), default="2")
    for position, value in enumerate(headings):
        value["level"] = "2" if value["level"] == highest or position == 0 else "3"
    return blocks


def texts_of(blocks: list[Block]) -> Iterator[str]:
    """The words of the paragraphs of blocks."""
    for block in blocks:
        if block["type"] == "text":
            yield from (words for words in map(shown, re.findall(r"<p>(.*?)</p>", block["value"])) if words)
