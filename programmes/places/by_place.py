"""Stories by place: the list that is always whole, and the map drawn beside it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from core.listing import Filter
from programmes.places.marks import Mark, Spot, gather
from programmes.terms_in_use import NOWHERE, Used

if TYPE_CHECKING:
    from programmes.models import CaseStoryPage

TITLES = 24  # With more stories than this the list counts them; their titles are a click away.
FOLDS_FROM = 40  # With more places than this the list is folded.
RESULTS = "#stories"  # Where on the page the stories of a place are.


@dataclass
class Entry:
    """A place in the list.

    `stories` are its stories when there are few in all, `count` how many there are, `mark` the number of its mark.
    """

    name: str
    query: str
    is_chosen: bool
    count: int
    reference: str = ""
    stories: "list[CaseStoryPage]" = field(default_factory=list)
    mark: int | None = None

    @property
    def address(self) -> str:
        """Where its mark leads: to its only story, else to its part of the stories below."""
        only = self.stories[0].url if len(self.stories) == 1 else None
        return only or self.query + RESULTS


@dataclass(frozen=True)
class ByPlace:
    """The places with stories, by name, those without a place last; the marks on the map; how to see all places."""

    entries: list[Entry]
    marks: list[Mark]
    clear_query: str
    chosen: str  # the name of the place that the reader asked for

    @property
    def is_counted(self) -> bool:
        """Whether the list counts stories instead of naming them."""
        return not any(entry.stories for entry in self.entries)

    @property
    def is_folded(self) -> bool:
        """Whether the list is so long that a reader unfolds it first."""
        return len(self.entries) > FOLDS_FROM


def by_place(stories: "QuerySet[CaseStoryPage]", used: list[Used], filters: list[Filter]) -> ByPlace | None:
    """Stories by place; None when no story of the site has one.

    Args:
        stories: those that match the reader's choices other than the place.
        used: the terms of all stories.
        filters: that by place first. Its options lead to the stories of each place; their order is the list's.
    """
    places, *others = filters
    if all(option.value == NOWHERE for option in places.options):
        return None
    chosen = {item.name: item.selected for item in others if item.selected}
    counts, references = Counter[str](), dict[str, str]()
    for row in used:
        if all(getattr(row, name) == slug for name, slug in chosen.items()):
            counts[row.place or NOWHERE] += row.stories
            references[row.place or NOWHERE] = row.grid_reference or ""
    titles = _titles(stories) if counts.total() <= TITLES else {}
    entries = [
        Entry(
            name=option.label,
            query=option.query,
            is_chosen=option.selected,
            count=counts[option.value],
            reference=references[option.value],
            stories=titles.get(option.value, []),
        )
        for option in places.options
        if option.value in counts
    ]
    return ByPlace(entries, _mark(entries), places.clear_query, places.selected_label)


def _titles(stories: "QuerySet[CaseStoryPage]") -> "dict[str, list[CaseStoryPage]]":
    """The stories of each place, by its slug."""
    titles = defaultdict(list)
    for story in stories.select_related(None).select_related("place").defer("outcomes", "place__grid_reference"):
        titles[story.place.slug if story.place else NOWHERE].append(story)
    return titles


def _mark(entries: list[Entry]) -> list[Mark]:
    """Mark the places on the map, and tell each its mark."""
    of = {Spot(entry.name, entry.reference, entry.count, entry.address): entry for entry in entries}
    marks = gather(of)
    for mark in marks:
        for spot in mark.spots:
            of[spot].mark = mark.number
    return marks
