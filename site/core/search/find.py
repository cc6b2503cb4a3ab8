"""Finding pages and documents that every reader may see.

Ranked by where all the words stand: the very title, the title, the title and the summary together, anywhere. Within
each the newest comes first. That takes no score, so the best are found without weighing all that holds the words.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, product

from django.db.models import Q, QuerySet, Value

from core.models import SearchEntry
from core.search import near
from core.search.database import Holds, Marked, Question, Scope
from core.visibility import private_collections, visible_pages

# What the index holds. Other characters match nothing and may be operators of a database's own.
WORD = re.compile(r"[^\W_]+")
# More words than these do not make an answer better.
MOST_WORDS = 20
# How many results are ranked and counted. Whoever has more is told so, and needs another word.
MOST = 1000
# Of what only begins with the three letters that are asked for: with so many in titles and summaries the texts are not
# looked into.
ENOUGH_BEGUN = 100
# A beginning of a word shorter than this would be the beginning of too many, and is in no prefix index.
SHORTEST_BEGINNING = 3
# The databases look for stems, of beginnings too: "gas" would find all that begins with "ga".
ENDING = re.compile(r"(?:ies|ing|ed|es|s)$")
# Of one kind, so many of the best are enough to choose from.
ENOUGH_OF_A_KIND = 200
MOST_SUGGESTIONS = 3
# Of how many entries, the newest, it is looked whether one may be seen, before a search is suggested.
ENOUGH_TO_SUGGEST = 200


@dataclass(frozen=True)
class Found:
    """What was found: for the key of each entry its kind, best first, and whether there is more than that."""

    question: Question
    kinds: Mapping[int, str] = field(default_factory=dict)
    is_more: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """The different words that a text asks for."""
    return tuple(dict.fromkeys(WORD.findall(text.lower())))[:MOST_WORDS]


def visible_entries() -> QuerySet[SearchEntry]:
    """The entries of what every reader may see now, whatever was so when they were written."""
    documents = Q(document__isnull=False)
    if private := private_collections():
        documents &= ~Q(document__collection__in=private)
    return SearchEntry.objects.filter(visible_pages("page__") | documents)


def find(text: str) -> Found:
    """Find what holds all the words; if nothing does, what holds a word that begins like the last."""
    words = words_of(text)
    found = _find(Question(words)) if words else Found(Question(()))
    if words and not found.kinds and len(ENDING.sub("", words[-1])) >= SHORTEST_BEGINNING:
        found = _find(Question(words, is_begun=True))
    return found


def only(found: Found, kind: str) -> Found:
    """Those of what was found that are of a kind, the best first. Asks again when what was ranked has few of it."""
    of_kind = {key: kind for key, its_kind in found.kinds.items() if its_kind == kind}
    if found.is_more and len(of_kind) < ENOUGH_OF_A_KIND:
        return _find(found.question, kind)
    return replace(found, kinds=of_kind)


def _find(question: Question, kind: str = "") -> Found:
    """Look in the titles and summaries first, and further when they give few: the texts take the longest."""
    enough, steps = MOST, [(Scope.TITLE, Scope.HEAD), (Scope.WHOLE,)]
    if question.is_begun:
        enough = ENOUGH_BEGUN
        if len(question.words) > 1 or len(question.words[0]) > SHORTEST_BEGINNING:
            steps = [tuple(Scope)]  # few begin so: a single query tells all
    places: dict[int, tuple[int, int]] = {}
    kinds = {}
    for scopes in steps:
        for place, key, of_kind, title in _held(question, kind, scopes):
            is_all = place == 0 and words_of(title) == question.words
            places[key] = min(places.get(key, (len(Scope), 0)), (place - is_all, -key))
            kinds[key] = of_kind
        if len(places) > enough:
            break
    best = sorted(places, key=lambda key: places[key])
    return Found(question, {key: kinds[key] for key in best[:MOST]}, is_more=len(best) > MOST)


def _held(question: Question, kind: str, scopes: Iterable[Scope]) -> QuerySet:
    """For each scope in turn the newest entries that hold the words there: rows of place, key, kind and title."""
    queries = []
    for scope in scopes:
        held = visible_entries().filter(Holds(question, scope, kind=kind))
        keys = held.order_by("-pk").values("pk")[: MOST + 1]
        place = Value(list(Scope).index(scope))
        queries.append(SearchEntry.objects.filter(pk__in=keys).values_list(place, "pk", "kind", "title"))
    return queries[0].union(*queries[1:], all=True)


def marked(found: Found, keys: Sequence[int]) -> list[SearchEntry]:
    """The entries with these keys, in their order, each with `marked_title`, `marked_summary` and `marked_body`."""
    question = found.question
    entries = SearchEntry.objects.filter(pk__in=keys).select_related("page", "document").defer("body")
    by_key = entries.annotate(
        marked_title=Marked(question, "title"),
        marked_summary=Marked(question, "summary"),
        marked_body=Marked(question, "body", is_extract=True),
    ).in_bulk()
    return [by_key[key] for key in keys if key in by_key]


def suggestions(words: tuple[str, ...]) -> list[str]:
    """Searches with words like these that do find something, the likeliest first."""
    options = near.near(words)
    choices = product(*(options[word] or [word] for word in words))
    asked = [Question(choice) for choice in islice(choices, 2 * MOST_SUGGESTIONS) if choice != words]
    if not asked:
        return []
    queries = []
    for place, question in enumerate(asked):
        keys = visible_entries().filter(Holds(question, Scope.WHOLE, newest=ENOUGH_TO_SUGGEST)).values("pk")[:1]
        queries.append(SearchEntry.objects.filter(pk__in=keys).values_list(Value(place)))
    finding = sorted({place for (place,) in queries[0].union(*queries[1:])})
    return [" ".join(asked[place].words) for place in finding][:MOST_SUGGESTIONS]
