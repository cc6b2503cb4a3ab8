"""Making the pages: first each in its place in the tree, then, once all can be linked to, with its text."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import timezone
from wagtail.models import Page
from wagtail.signal_handlers import disable_reference_index_auto_update

from core.addresses import answers_itself
from core.models import BasePage
from home.models import PersonPage, StandardPage
from news.models import NewsArticlePage, NewsCategory
from programmes.models import CaseStoryPage, Place, Theme
from wordpress.blocks import Block, Converted, convert, texts_of
from wordpress.export import Item, Term, plain
from wordpress.plan import categories, moment_of, read_moment, slug_of, tags, title_of
from wordpress.targets import Targets

MODELS: dict[str, type[BasePage]] = {"news": NewsArticlePage, "story": CaseStoryPage, "page": StandardPage}
# Lengths of fields of pages.
LONGEST_INTRODUCTION, LONGEST_SUMMARY, LONGEST_NAME = 600, 300, 120
# The parts of a case story, by words in the headings that began them on the old site.
SECTIONS = (
    ("challenge", re.compile(r"challenge|issue|problem|background|context", re.IGNORECASE)),
    ("learned", re.compile(r"learn|lesson|reflection", re.IGNORECASE)),
    (
        "what_was_done",
        re.compile(r"what (we|was|they) did|done|approach|the work|how (we|they|it)|action", re.IGNORECASE),
    ),
)
# Accounts that name nobody.
NOBODY = frozenset(("admin", "administrator", "editor", "webmaster", "root"))


def is_taken(parent: Page, slug: str) -> bool:
    """Whether an address beneath a page is another page's, or leads to something else of the site."""
    if parent.get_children().filter(slug=slug).exists() or answers_itself(parent, [slug]):
        return True
    path = f"{(parent.get_url() or '/').rstrip('/')}/{slug}/"
    if path.startswith(("/admin/", settings.MEDIA_URL, settings.STATIC_URL)):
        return True
    try:
        return resolve(path).url_name != "page"
    except Resolver404:
        return True


def add_shell(item: Item, kind: str, parent: Page) -> Page:
    """Add a page with nothing but a title, which readers do not see. One whose address is taken gets another."""
    slug = wanted = slug_of(item)
    number = 2
    while is_taken(parent, slug):
        slug, number = f"{wanted}-{number}", number + 1
    page = MODELS[kind](title=title_of(item), slug=slug, live=False, has_unpublished_changes=True)
    with disable_reference_index_auto_update():  # it refers to nothing yet
        parent.add_child(instance=page)
    return page


def fill(page: Any, item: Item, is_live: bool, targets: Targets) -> Converted:
    """Give a page its text and save it as its first version.

    Args:
        page: as `add_shell` made it, of its own type.
        is_live: whether to publish it.

    Returns:
        The text, with what was changed and what is to do.
    """
    text = convert(item.content, page.title, item.number, targets)
    _introduce(page, item, text)
    _illustrate(page, item, targets, text.to_do)
    {NewsArticlePage: _fill_article, CaseStoryPage: _fill_story, StandardPage: _fill_page}[type(page)](
        page, item, targets, text
    )
    moment = moment_of(item)
    if item.status == "future" and moment > timezone.now():
        page.go_live_at = moment
        text.to_do.append(f"It was to be published on {timezone.localtime(moment):%d/%m/%Y at %H:%M}.")
    if is_live:
        page.first_published_at = moment
    else:
        page.save()
    with disable_reference_index_auto_update():  # the other save does it
        revision = page.save_revision(clean=False, log_action="wagtail.create")
    if is_live:
        revision.publish()
        # When it last changed there: otherwise feeds would tell that everything is new today.
        changed = read_moment(item.modified) or moment
        Page.objects.filter(pk=page.pk).update(last_published_at=max(changed, moment))
    return text


def _introduce(page: BasePage, item: Item, text: Converted) -> None:
    """What lists and search engines say of the page, from the excerpt or else from its first words."""
    if excerpt := plain(item.excerpt):
        page.introduction = shortened(excerpt, LONGEST_INTRODUCTION)
    else:
        page.listing_summary = shortened(" ".join(texts_of(text.blocks)), LONGEST_SUMMARY)
    # Of the add-on Yoast SEO, which most sites have. Its titles may hold variables: %%title%%.
    page.search_description = plain(item.meta.get("_yoast_wpseo_metadesc", ""))[:1000]
    title = plain(item.meta.get("_yoast_wpseo_title", ""))
    page.seo_title = "" if "%%" in title else title[:255]


def _illustrate(page: BasePage, item: Item, targets: Targets, to_do: list[str]) -> None:
    number = item.meta.get("_thumbnail_id", "")
    if not number.isdecimal():
        return
    picture = targets.picture(int(number[:18]))
    page.listing_image_id = picture.key if picture else None
    if picture is None:
        to_do.append(f"Its main picture (number {number}) is missing.")


def _fill_article(page: NewsArticlePage, item: Item, targets: Targets, text: Converted) -> None:
    page.body = text.blocks
    page.date = timezone.localdate(moment_of(item))
    page.author_name, page.author_person = _author(item, targets)
    filed = categories(item)
    first, others = (filed[0] if filed else None), filed[1:]
    page.category = _category_for(first) if first else None
    page.tags.set([term.name[:100] for term in [*others, *tags(item)] if term.name], clear=True)
    if others and first:
        text.changed.append(f"News has one category, here “{first.name}”. The others have become tags.")


def _author(item: Item, targets: Targets) -> tuple[str, PersonPage | None]:
    name = targets.blog.authors.get(item.author, "")[:LONGEST_NAME]
    if not name or name.casefold() in NOBODY:
        return "", None
    person = PersonPage.objects.filter(title__iexact=name).first()
    return ("", person) if person else (name, None)


def find_category(term: Term) -> NewsCategory | None:
    """The category here of that slug or name, if there is one."""
    name, slug = _category(term)
    return NewsCategory.objects.filter(Q(slug=slug) | Q(name__iexact=name)).first()


def _category(term: Term) -> tuple[str, str]:
    name = (term.name or term.slug)[:80]
    return name, slug_of(Item(0, slug=term.slug, title=name))[:80]


def _category_for(term: Term) -> NewsCategory:
    name, slug = _category(term)
    return find_category(term) or NewsCategory.objects.create(name=name, slug=slug)


def _fill_story(page: CaseStoryPage, item: Item, targets: Targets, text: Converted) -> None:
    names = [term.name for term in item.terms]
    page.place = next((found for name in names if (found := Place.objects.filter(name__iexact=name).first())), None)
    page.theme = next((found for name in names if (found := Theme.objects.filter(name__iexact=name).first())), None)
    for name, blocks in _sections(text.blocks):
        setattr(page, name, [*getattr(page, name).raw_data, *blocks])
    text.to_do.append("A case story: choose place, theme and programme, and write what changed, with its source.")


def _sections(blocks: list[Block]) -> Iterator[tuple[str, list[Block]]]:
    """A story's blocks by the fields they belong to. The heading that begins a field is the field's own."""
    name, part = "what_was_done", []
    for block in blocks:
        if block["type"] == "heading":
            words = block["value"]["text"]
            found = next((field for field, pattern in SECTIONS if pattern.search(words)), None)
            if found and block["value"]["level"] == "2":
                yield name, part
                name, part = found, []
                continue
            block["value"]["level"] = "3"
        part.append(block)
    yield name, part


def _fill_page(page: StandardPage, item: Item, targets: Targets, text: Converted) -> None:
    page.body = text.blocks


def shortened(words: str, longest: int) -> str:
    """The beginning of a text, to the end of a word, with an ellipsis if there is more."""
    words = " ".join(words.split())
    if len(words) <= longest:
        return words
    return f"{words[: longest - 1].rpartition(' ')[0].rstrip(' ,;:.–—-') or words[: longest - 1]}…"
