"""Taking out of old markup what nobody wrote on purpose: scripts, styles, hidden text, links to spam.

nh3 reads markup as browsers do and leaves only the elements that are named here, well formed. What it leaves is never
shown: `wordpress.blocks` reads it and writes markup of its own.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import nh3
from bs4 import BeautifulSoup, Tag

# Gone with all that is in them.
DROPPED = frozenset(("button", "label", "link", "meta", "noscript", "script", "select", "style", "svg", "textarea"))
# Gone, but not what is in them: where their end is missing, that is the rest of the page.
UNWRAPPED = frozenset(("applet", "embed", "form", "input", "object"))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
READ = (
    "a address article aside audio b blockquote br caption center cite code dd del details div dl dt em figcaption "
    "figure footer header hr i iframe img ins kbd li main mark ol p picture pre q s section small source span strong "
    "sub summary sup table tbody td tfoot th thead time tr u ul video wp-gallery"
)
ELEMENTS = HEADINGS | frozenset(READ.split())
ATTRIBUTES = {
    "*": {"style", "class", "id", "hidden"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "iframe": {"src", "title"},
    "audio": {"src"},
    "video": {"src"},
    "source": {"src"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "wp-gallery": {"ids"},
}
HIDDEN = re.compile(
    r"display:none|visibility:hidden|opacity:0(\.0+)?(;|$|!)|font-size:[01](\.\d+)?(px|pt|em|%)?(;|$|!)"
    r"|(left|right|top|bottom|margin|margin-left|margin-top|text-indent):-\d{3,}"
    r"|(^|;)(height|width|max-height):[01](px)?(;|$|!).*overflow:hidden"
    r"|overflow:hidden.*(^|;)(height|width|max-height):[01](px)?(;|$|!)"
)
# Spam was often hidden by a style or a script that stood beside it, and would show once that is gone.
RULES = re.compile(r"([#.][\w-]+)\s*\{([^{}]*)\}")
SCRIPTS = re.compile(
    r"""getElementById\(["']([\w-]+)["']\)\.style\.(?:display\s*=\s*["']none|visibility\s*=\s*["']hidden)"""
)
# Words of the spam that was put into sites like the old one. Not those that a charity for public services may use:
# pharmacy, casino, loan. “Specialist” and “commercialise” are no spam.
SPAM = re.compile(
    r"viagra|cialis(?![aeimt])|levitra|kamagra|sildenafil|tadalafil|phentermine|tramadol|xanax|ambien\b|valium"
    r"|online[\s-]?(casino|pharmacy|poker)|(casino|poker)[\s-]?online|payday[\s-]?loan|replica[\s-]?(watch|handbag|rolex)"
    r"|louis[\s-]?vuitton[\s-]?outlet|essay[\s-]?writing[\s-]?service|porn\b|xxx\b|no[\s-]prescription",
    re.IGNORECASE,
)
# Characters of a text that is shown in the report.
EXCERPT = 100


class Cleaned:
    """Markup without what does not belong in it.

    Attributes:
        soup: what is left.
        changed: what was taken out, in words.
        to_do: what a person should look at, in words.
    """

    def __init__(self, markup: str) -> None:
        self.changed: list[str] = []
        self.to_do: list[str] = []
        self._count_dropped(markup)
        kept = nh3.clean(
            markup,
            tags=set(ELEMENTS),
            clean_content_tags=set(DROPPED),
            attributes=ATTRIBUTES,
            url_schemes={"http", "https", "mailto", "tel"},
            link_rel=None,
        )
        self.soup = BeautifulSoup(kept, "html.parser")
        self._drop_hidden(hidden_names(markup))
        self._drop_spam()

    def _count_dropped(self, markup: str) -> None:
        found = [name.lower() for name in re.findall(r"<([a-zA-Z]+)", markup)]
        gone = {name: found.count(name) for name in sorted((DROPPED | UNWRAPPED).intersection(found))}
        if gone:
            self.changed.append(f"Taken out: {', '.join(f'{count} × <{name}>' for name, count in gone.items())}.")
        if UNWRAPPED & gone.keys():
            self.to_do.append("A form, or something of a plug-in, stood here. See what it was for.")

    def _drop_hidden(self, names: set[str]) -> None:
        for element in self.soup.find_all(lambda element: is_hidden(element) or not names.isdisjoint(_names(element))):
            if element.decomposed:
                continue
            words = _excerpt(element)
            if words:
                self.to_do.append(f"Text that readers could not see was taken out: “{words}”")
            element.decompose()

    def _drop_spam(self) -> None:
        """Take out links to spam, and what holds nothing beside them but more of it."""
        hosts = set()
        for link in self.soup.find_all("a"):
            if link.decomposed or not SPAM.search(f"{link.get('href', '')} {link.get_text(' ')}"):
                continue
            hosts.add(_host(str(link.get("href", ""))))
            holder = _holder(link)
            link.decompose()
            if holder is not None and _is_left_over(holder):
                holder.decompose()
        if hosts:
            named = ", ".join(sorted(hosts)[:5])
            self.to_do.append(f"Links to spam were taken out ({named}). Read the page for what else may be spam.")
        elif found := SPAM.search(self.soup.get_text(" ")):
            self.to_do.append(f"The text has the word “{found[0]}”. See whether it is spam.")


def is_hidden(element: Tag) -> bool:
    """Whether an element says that readers do not see it."""
    return element.has_attr("hidden") or _hides(str(element.get("style", "")))


def _hides(style: str) -> bool:
    return bool(HIDDEN.search(re.sub(r"\s+", "", style.lower())))


def hidden_names(markup: str) -> set[str]:
    """The classes (.name) and ids (#name) that styles and scripts in a text hide."""
    by_style = {name for name, style in RULES.findall(markup) if _hides(style)}
    return by_style | {f"#{name}" for name in SCRIPTS.findall(markup)}


def _names(element: Tag) -> set[str]:
    return {f"#{element.get('id', '')}", *(f".{name}" for name in element.get_attribute_list("class") or () if name)}


def is_spam(title: str) -> bool:
    """Whether a title is one that no editor wrote."""
    return bool(SPAM.search(title))


def _holder(link: Tag) -> Tag | None:
    """The smallest part of the text that a link stands in."""
    return link.find_parent(["p", "li", "div", "span", "td", "h1", "h2", "h3", "h4", "h5", "h6"])


def _is_left_over(holder: Tag) -> bool:
    """Whether nothing is left of a part but spam, or a word or two around it."""
    words = holder.get_text(" ")
    has_more = holder.find(["img", "iframe", "a", "p", "table"]) is not None
    return not has_more and (len(words.split()) < 3 or bool(SPAM.search(words)))


def _excerpt(element: Tag) -> str:
    words = " ".join(element.get_text(" ").split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT]}…"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or "an address of this site"
    except ValueError:
        return "a broken address"


def counted(words: Iterable[str]) -> str:
    """Words with how often each occurs: “tabs (2), slider”."""
    words = list(words)
    return ", ".join(
        f"{word} ({words.count(word)})" if words.count(word) > 1 else word for word in sorted(dict.fromkeys(words))
    )
