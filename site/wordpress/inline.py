"""Lines of text: the elements within a paragraph or a list, as this site's rich text."""

import re
from html import escape, unescape

from bs4 import NavigableString, Tag
from bs4.element import PageElement

from wordpress.targets import Targets

# What rich text has, by the elements that mean the same.
MARKS = {"b": "b", "strong": "b", "th": "b", "dt": "b", "summary": "b", "i": "i", "em": "i", "cite": "i"}
NESTED = ("ul", "ol")


class Lines:
    """Writes lines. What is lost of a link is said in `to_do`."""

    def __init__(self, targets: Targets, has_line_ends: bool, to_do: list[str]) -> None:
        """Begin a text.

        Args:
            has_line_ends: whether the ends of lines in it are those that readers saw, as in WordPress's old editor.
        """
        self._targets = targets
        self._has_line_ends = has_line_ends
        self._to_do = to_do

    def text(self, words: str) -> str:
        """Words as markup."""
        markup = escape(words, quote=False)
        return markup.replace("\n", "<br/>") if self._has_line_ends else markup

    def of(self, node: PageElement) -> str:
        """An element and what is in it."""
        if not isinstance(node, Tag):
            return self.text(str(node)) if type(node) is NavigableString else ""
        if node.name == "br":
            return "<br/>"
        if node.name in NESTED:
            return self.list(node)
        inside = self.inside(node)
        if not inside.strip():
            return inside
        if node.name == "a":
            return self._link(node, inside)
        mark = MARKS.get(node.name)
        return f"<{mark}>{inside}</{mark}>" if mark else inside

    def inside(self, node: Tag) -> str:
        """What is in an element."""
        return "".join(self.of(child) for child in node.children)

    def list(self, node: Tag) -> str:
        """A list, with the lists in it."""
        items = []
        for item in node.find_all("li", recursive=False):
            for paragraph in item.find_all(["p", "div"])[1:]:
                paragraph.insert_before(NavigableString(" "))
            if words := trimmed(self.inside(item)):
                items.append(f"<li>{words}</li>")
        return f"<{node.name}>{''.join(items)}</{node.name}>" if items else ""

    def _link(self, node: Tag, inside: str) -> str:
        """A link to where its target is now; its words alone when that is nowhere, or when links are nested."""
        address = str(node.get("href", ""))
        target = self._targets.find(address)
        if "<a " in inside:
            return inside
        if target.kind in ("page", "document"):
            return f'<a linktype="{target.kind}" id="{target.key}">{inside}</a>'
        if target.kind == "address":
            return f'<a href="{escape(address)}">{inside}</a>'
        if address and not address.startswith("#"):
            self._to_do.append(
                f"The link “{shown(inside)}” led to {address}, which has no place here. Only its words stay."
            )
        return inside


def trimmed(markup: str) -> str:
    """Markup without empty lines and blanks at its ends."""
    return re.sub(r"^(?:\s|\xa0|<br/>)+|(?:\s|\xa0|<br/>)+$", "", markup)


def shown(markup: str) -> str:
    """The words of markup that was written here, in which every other sign is escaped."""
    spaced = re.sub(r"<br/>|</(?:p|li)>", " ", markup)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", spaced)).split())
