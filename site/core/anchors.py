"""Ids of headings and forms: HTML wants every id of a page once, but editors may write two headings alike."""

from itertools import count

from django.http import HttpRequest

# Ids that templates write themselves, so that no editor's heading takes them.
IDS_OF_TEMPLATES = frozenset(
    (
        *("main", "q", "newsletter", "newsletter-title", "related", "taking-part"),
        *("beliefs", "stories", "news", "change-making"),
        *("comment", "comment-hint", "comment-error"),
        *("about", "all", "found", "way-from", "way-to", "way-show", "leave"),
        *("by-place", "coast", "land"),
    )
)


def taken_ids(request: HttpRequest | None) -> set[str]:
    """The ids that the page in hand has so far; of no page in particular when there is no request."""
    if request is None:
        return set(IDS_OF_TEMPLATES)
    return request.__dict__.setdefault("ids_taken", set(IDS_OF_TEMPLATES))


def unique_id(taken: set[str], words: str) -> str:
    """Take an id that nothing else on the page has: `food`, `food-2`, `food-3`."""
    candidates = (words if number == 1 else f"{words}-{number}" for number in count(1))
    found = next(candidate for candidate in candidates if candidate not in taken)
    taken.add(found)
    return found
