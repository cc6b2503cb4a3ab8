"""What becomes of each item: a piece of news, a case story, a standard page, a file, or nothing, and why."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.text import slugify

from wordpress.cleaning import is_spam
from wordpress.export import Blog, Item, Term

Kind = Literal["news", "story", "page", "file", "nothing"]

# Categories and types of posts that are taken for case stories unless others are named.
STORIES = ("case-studies", "case-study", "case-stories", "case-story")
# What WordPress keeps as items besides posts, pages and files (get_post_types), and what a person does instead.
OF_WORDPRESS = {
    "nav_menu_item": "An entry of a menu. Menus are made under Settings, Navigation.",
    "revision": "An older version of another item.",
    "custom_css": "Styles of the old site.",
    "customize_changeset": "Settings of the old site's looks.",
    "oembed_cache": "A kept copy of something of another site.",
    "user_request": "A request about personal data, which is for WordPress alone.",
    "wp_global_styles": "Styles of the old site.",
    "wp_navigation": "A menu. Menus are made under Settings, Navigation.",
    "wp_template": "A template of the old site.",
    "wp_template_part": "A template of the old site.",
}
UNPUBLISHED = {
    "draft": "It was a draft.",
    "pending": "It waited for review.",
    "private": "It was private.",
    "future": "It was scheduled.",
}
NO_CATEGORY = "uncategorized"
LONGEST_TITLE = 255
LONGEST_SLUG = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of an item.

    Attributes:
        is_live: whether readers saw it on the old site; otherwise it becomes a draft.
        reason: why it becomes nothing, or a draft.
        needs_person: whether somebody should look at the reason.
    """

    kind: Kind
    is_live: bool = False
    reason: str = ""
    needs_person: bool = False


def plan_for(item: Item, blog: Blog, stories: Collection[str], known: Collection[int]) -> Plan:
    """Decide what becomes of an item.

    Args:
        blog: what the export says of the whole site.
        stories: slugs of categories, and types of posts, whose items are case stories.
        known: the numbers of the items before it in the file.
    """
    if not item.number or item.number in known:
        why = "An item before it has the same number" if item.number else "It has no number"
        return Plan("nothing", reason=f"{why}. See whether it is needed.", needs_person=True)
    if item.kind in OF_WORDPRESS:
        return Plan("nothing", reason=OF_WORDPRESS[item.kind])
    if item.kind == "attachment":
        return Plan("file", is_live=True)
    kind = _kind_of(item, stories)
    if kind is None:
        reason = f"Items of the type “{item.kind}” have no place here. See whether it is needed."
        return Plan("nothing", reason=reason, needs_person=True)
    if item.kind == "page" and item.link.rstrip("/") == blog.address:
        return Plan(kind, reason="It was the front page. Take from it what the home page lacks.", needs_person=True)
    return _plan_of_page(item, kind)


def _kind_of(item: Item, stories: Collection[str]) -> Kind | None:
    is_story = item.kind in stories or any(term.slug in stories for term in categories(item))
    if is_story and item.kind != "page":
        return "story"
    kinds: dict[str, Kind] = {"post": "news", "page": "page"}
    return kinds.get(item.kind)


def _plan_of_page(item: Item, kind: Kind) -> Plan:
    if item.status == "trash":
        return Plan("nothing", reason="It was in the bin of the old site.")
    if item.status == "auto-draft":
        return Plan("nothing", reason="An empty draft that WordPress made by itself.")
    if is_spam(item.title):
        return Plan("nothing", reason="Its title is that of spam. See whether it is.", needs_person=True)
    if item.password:
        return Plan(kind, reason="It needed a password. Publish it if everybody may read it.", needs_person=True)
    if item.status == "publish":
        return Plan(kind, is_live=True)
    told = UNPUBLISHED.get(item.status, f"Its state was “{item.status}”.")
    return Plan(kind, reason=f"{told} It is a draft here: publish or delete it.", needs_person=True)


def categories(item: Item) -> list[Term]:
    """The categories of an item, without the one that stands for none."""
    return [term for term in item.terms if term.domain == "category" and term.slug != NO_CATEGORY]


def tags(item: Item) -> list[Term]:
    """The tags of an item."""
    return [term for term in item.terms if term.domain == "post_tag"]


def title_of(item: Item) -> str:
    """The title, as long as it may be; one made up for an item without."""
    return item.title[:LONGEST_TITLE] or f"Without a title ({item.number})"


def slug_of(item: Item) -> str:
    """The last part of the address, in the letters that addresses here have."""
    wanted = slugify(unquote(item.slug)) or slugify(item.title) or f"item-{item.number}"
    return wanted[:LONGEST_SLUG].strip("-_")


def moment_of(item: Item) -> datetime.datetime:
    """When it was published, or is to be; now for an item without a date."""
    for text, zone in ((item.date_gmt, datetime.UTC), (item.date, ZoneInfo("Europe/London"))):
        if moment := read_moment(text, zone):
            return moment
    return timezone.now()


def read_moment(text: str, zone: datetime.tzinfo = datetime.UTC) -> datetime.datetime | None:
    """A moment as WordPress writes it; None for its zeros and for anything else that is no date."""
    try:
        return datetime.datetime.fromisoformat(text[:19]).replace(tzinfo=zone)
    except ValueError:
        return None
