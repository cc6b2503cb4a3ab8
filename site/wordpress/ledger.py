"""What the ledger says of an item."""

import re
from collections.abc import Iterable

from wordpress.export import Blog
from wordpress.models import ImportedItem
from wordpress.targets import Target


def source_of(blog: Blog) -> str:
    """The old site's name in the ledger. It is the same with https and without."""
    return re.sub(r"^https?://(www\.)?", "", blog.address)[:200]


def once(words: Iterable[str]) -> list[str]:
    """Lines of words in their order, each once, without empty ones."""
    return [line for line in dict.fromkeys(words) if line]


def target_of(row: ImportedItem) -> Target:
    """What an item has become; nowhere, if that has been deleted."""
    for kind, key in (("page", row.page_id), ("picture", row.image_id), ("document", row.document_id)):
        if key:
            return Target(kind, key)
    return Target("none")


def edit_of(row: ImportedItem) -> tuple[str, int] | None:
    """Where in the admin to look at what an item has become."""
    views = (
        ("wagtailadmin_pages:edit", row.page_id),
        ("wagtailimages:edit", row.image_id),
        ("wagtaildocs:edit", row.document_id),
    )
    return next(((name, key) for name, key in views if key), None)
