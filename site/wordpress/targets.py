"""What old addresses and numbers have become here."""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from wordpress.export import Blog, Item, plain

# WordPress's names for a picture in another size, and for one that was cropped there.
RESIZED = re.compile(r"(-\d+x\d+|-scaled|-rotated|-e\d{10,})+(?=\.\w+$)")
LONGEST_ALT = 255

Kind = Literal["page", "picture", "document", "address", "none"]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: the key of a page, picture or document here, an address elsewhere, or nowhere."""

    kind: Kind
    key: int = 0
    address: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture here, with what the old site said of it."""

    key: int
    alt: str
    caption: str


@dataclass
class Targets:
    """Everything of an export that has a place here by now.

    Attributes:
        became: the target of each item, by its number.
        files: the items that are files.
    """

    blog: Blog
    became: dict[int, Target] = field(default_factory=dict)
    files: dict[int, Item] = field(default_factory=dict)
    _by_path: dict[str, int] = field(default_factory=dict)

    def know(self, item: Item) -> None:
        """Learn the old addresses of an item."""
        if item.kind == "attachment":
            self.files[item.number] = item
        for address in (item.link, item.guid, item.attachment):
            if path := self.old_path(address):
                self._by_path.setdefault(path, item.number)

    def old_path(self, address: str) -> str:
        """The path of an address of the old site, as a key: decoded, without a slash at the end.

        Addresses like /?p=12 keep that argument. The front page and addresses elsewhere give nothing.
        """
        try:
            parts = urlsplit(address.strip())
            host = (parts.hostname or "").lower()
        except ValueError:
            return ""
        if (host and host not in self.blog.hosts) or parts.scheme not in ("", "http", "https"):
            return ""
        path, base = unquote(parts.path), unquote(urlsplit(self.blog.address).path)
        if not host and not path.startswith("/"):
            return ""
        query = parse_qs(parts.query)
        for name in ("p", "page_id", "attachment_id"):
            if name in query and path.rstrip("/") in ("", base):
                return f"/?{name}={query[name][0]}"
        return path.rstrip("/")

    def find(self, address: str) -> Target:
        """Where a link of an old text leads now."""
        address = address.strip()
        path = self.old_path(address)
        if not path:
            is_outside = re.match(r"(https?:)?//|mailto:.|tel:.", address, re.IGNORECASE) and not self._is_ours(address)
            return Target("address", address=address) if is_outside else Target("none")
        return self.became.get(self.number_at(path), Target("none"))

    def number_at(self, path: str) -> int:
        """The number of the item at an old path, also of a picture in another size; 0 when there is none."""
        if found := re.fullmatch(r"/\?(?:p|page_id|attachment_id)=(\d{1,18})", path):
            return int(found[1])
        return self._by_path.get(path) or self._by_path.get(RESIZED.sub("", path)) or self._scaled(path)

    def _scaled(self, path: str) -> int:
        """Large uploads are listed by the name that WordPress gave to its smaller copy: x-scaled.jpg."""
        return self._by_path.get(re.sub(r"(\.\w+)$", r"-scaled\1", RESIZED.sub("", path)), 0)

    def _is_ours(self, address: str) -> bool:
        return (urlsplit(address).hostname or "").lower() in self.blog.hosts

    def picture(self, number: int) -> Picture | None:
        """A picture by its number in WordPress; None when it has not come over."""
        target, item = self.became.get(number), self.files.get(number)
        if target is None or item is None or target.kind != "picture":
            return None
        alt = plain(item.meta.get("_wp_attachment_image_alt", ""))[:LONGEST_ALT]
        return Picture(target.key, alt, plain(item.excerpt))

    def pictures_of(self, number: int) -> list[int]:
        """The numbers of the pictures that were uploaded to an item."""
        return [key for key, item in self.files.items() if item.parent == number and self.picture(key)]
