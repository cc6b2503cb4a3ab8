"""The terms that some stories are found by, read once: for the filters of the list and for the list by place."""

from collections.abc import Iterable
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, QuerySet

from core.listing import Terms
from core.visibility import private_paths

if TYPE_CHECKING:
    from programmes.models import CaseStoryPage

# What `?place=` says for stories without a place. No slug of a place holds a tilde.
NOWHERE = "~none"
NOWHERE_LABEL = "No place named"


class Used(NamedTuple):
    """A combination of terms, and how many stories have it. Slugs and names are None for a term that they lack."""

    theme: str | None
    theme_name: str | None
    place: str | None
    place_name: str | None
    grid_reference: str | None
    programme: str | None
    programme_title: str | None
    programme_path: str | None
    programme_is_live: bool | None
    stories: int


def terms_in_use(stories: "QuerySet[CaseStoryPage]") -> list[Used]:
    """The combinations of terms that some stories have."""
    programme = ("programme__slug", "programme__title", "programme__path", "programme__live")
    place = ("place__slug", "place__name", "place__grid_reference")
    rows = stories.order_by().values_list("theme__slug", "theme__name", *place, *programme)
    return [Used(*row) for row in rows.annotate(Count("pk"))]


def as_filters(used: Iterable[Used]) -> Terms:
    """The places, themes and programmes as filters, each by name. Having no place comes last of the places."""
    themes, places, programmes = set(), set(), set()
    for row in used:
        themes.add((row.theme, row.theme_name))
        places.add((row.place, row.place_name))
        if row.programme_is_live and row.programme_path and not row.programme_path.startswith(private_paths()):
            programmes.add((row.programme, row.programme_title))
    nowhere = [(NOWHERE, NOWHERE_LABEL)] if (None, None) in places else []
    return {
        "place": ("Place", [*_by_name(places), *nowhere]),
        "theme": ("Theme", _by_name(themes)),
        "programme": ("Programme", _by_name(programmes)),
    }


def _by_name(terms: Iterable[tuple[str | None, str | None]]) -> list[tuple[str, str]]:
    return sorted(((slug, name) for slug, name in terms if slug and name), key=itemgetter(1))
