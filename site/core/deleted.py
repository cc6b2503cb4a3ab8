"""Where deleted pages are: beneath a page outside the site that is private to nobody.

So no address leads to them, and whatever asks `core.visibility` leaves them out. They are unpublished besides, for code
that asks only that.
"""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.query import PageQuerySet

SLUG = "bin"


def find_bin() -> Page | None:
    """The page above all deleted ones; None until a page was deleted.

    It is of no type of ours, and no editor can make a page of that type.
    """
    kind = ContentType.objects.get_for_model(Page)
    return Page.objects.filter(depth=2, slug=SLUG, content_type=kind).first()


def find_or_make_bin() -> Page:
    """The page above all deleted ones. Call it within a transaction: two at a time wait for each other."""
    root = Page.objects.select_for_update().get(pk=Page.get_first_root_node().pk)
    found = find_bin()
    if found is None:
        found = root.add_child(instance=Page(title="Bin", slug=SLUG, live=False))
        # A group that has nobody in it: no group at all.
        PageViewRestriction.objects.create(page=found, restriction_type=PageViewRestriction.GROUPS)
    return found


def is_in_bin(page: Page) -> bool:
    """Whether a page was deleted, itself or one above it. The bin itself counts too."""
    the_bin = find_bin()
    return the_bin is not None and page.path.startswith(the_bin.path)


def outside_bin(pages: PageQuerySet) -> PageQuerySet:
    """The pages of a queryset that nobody has deleted."""
    the_bin = find_bin()
    return pages if the_bin is None else pages.not_descendant_of(the_bin, inclusive=True)


def is_front_page(page: Page) -> bool:
    """Whether the whole site lies at or beneath a page."""
    return Site.objects.filter(root_page__path__startswith=page.path).exists()
