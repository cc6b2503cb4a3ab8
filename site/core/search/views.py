"""What answers at /search/: a whole page, or only its results for those who are still typing (`?part=results`)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.search.utils import normalise_query_string

from core import listing
from core.listing import Filter, Option
from core.models import SearchEntry
from core.routing import current_site
from core.search import asked
from core.search.database import START, STOP
from core.search.find import Found, find, marked, only, suggestions
from core.search.kinds import words_of_kinds
from core.views import read_only
from core.visibility import is_visible

MAX_QUERY_LENGTH = 200
PER_PAGE = 20


@dataclass(frozen=True)
class Result:
    """A page, a document or an address elsewhere, as the results show it. Title and extract are HTML."""

    title: SafeString
    extract: SafeString
    address: str
    kind: str = ""
    day: date | None = None


@never_cache
@read_only
def search(request: HttpRequest) -> HttpResponse:
    """Search pages and documents for `?q=`, of one kind with `?type=`; any input gives an answer.

    Raises:
        Http404: when `?page=` is no page of the results.
    """
    current_site(request)  # with its settings: a page's address would have Wagtail read it without
    query = clean_query(request.GET.get("q", ""))
    chosen = kind if (kind := request.GET.get("type", "")) in words_of_kinds() else ""
    is_part = request.GET.get("part") == "results"
    everything = find(query)
    found = only(everything, chosen) if chosen else everything
    results = listing.paginate(list(found.kinds), request.GET, per_page=PER_PAGE)
    is_start = not chosen and results.number == 1
    promoted = _promoted(request, query) if query and is_start else []
    shown = _results(request, found, results.object_list, {result.address for result in promoted})
    if query and is_start and not is_part:
        asked.count(query, len(found.kinds) + len(promoted))
    context = {
        "query": query,
        "results": results,
        "shown": shown,
        "promoted": promoted,
        "filters": [_filter(query, everything, chosen)],
        "suggestions": [] if everything.kinds or promoted else suggestions(everything.question.words),
        "page_query": _address(query, chosen)[1:] + "&",
        "says": _says(query, found, chosen, bool(promoted)),
    }
    answer = render(request, "core/search_results.html" if is_part else "core/search.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def clean_query(text: str) -> str:
    """What a visitor asked for, without control characters, of a length that the search can stand."""
    printable = "".join(character if character.isprintable() else " " for character in text[: MAX_QUERY_LENGTH * 4])
    return " ".join(printable.split())[:MAX_QUERY_LENGTH].strip()


def _results(request: HttpRequest, found: Found, keys: Iterable[int], above: set[str]) -> list[Result]:
    """What the results show of entries, without those that stand above them already."""
    shown = [_result(request, entry) for entry in marked(found, list(keys))]
    return [result for result in shown if result.address not in above]


def _result(request: HttpRequest, entry: SearchEntry) -> Result:
    kind = words_of_kinds().get(entry.kind, "")
    address = ""
    if entry.page:
        address = entry.page.get_url(request) or ""
    elif entry.document:
        address, kind = entry.document.url, f"{kind}, {entry.document.file_extension.upper()}"
    return Result(with_marks(entry.marked_title), with_marks(_extract(entry)), address, kind, entry.date)


def _extract(entry: SearchEntry) -> str:
    """The summary, unless only the body has the words."""
    is_above = START in entry.marked_title or START in entry.marked_summary
    if START not in entry.marked_body or (is_above and entry.marked_summary):
        return entry.marked_summary
    extract = entry.marked_body.strip("…")
    starts = "" if extract.lstrip(START)[:1].isupper() else "…"
    ends = "" if extract.rstrip(STOP)[-1:] in ".!?" else "…"
    return starts + extract + ends


def with_marks(text: str) -> SafeString:
    """A text with its found words in `<mark>`, everything else escaped."""
    before, *parts = text.split(START)
    html = escape(before)
    for part in parts:
        word, _, after = part.partition(STOP)
        html += format_html("<mark>{}</mark>{}", word, after)
    return html


def _promoted(request: HttpRequest, query: str) -> list[Result]:
    """What editors want to stand first for these very words (Settings, Promoted search results)."""
    picks = SearchPromotion.objects.filter(query__query_string=normalise_query_string(query))
    shown = []
    for pick in picks.select_related("page"):
        if is_visible(pick.page) or (pick.page_id is None and pick.external_link_url):
            address = pick.page.get_url(request) if pick.page else pick.external_link_url
            shown.append(Result(escape(pick.title or address), escape(pick.description), address))
    return shown


def _filter(query: str, everything: Found, chosen: str) -> Filter:
    """The kinds among what was found, those with most first, as links."""
    numbers = Counter(everything.kinds.values())
    words = words_of_kinds()
    options = [
        Option(
            kind,
            words.get(kind, kind) if everything.is_more else f"{words.get(kind, kind)} ({number})",
            _address(query, kind),
            kind == chosen,
        )
        for kind, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    ]
    return Filter("type", "Show only", options, chosen, _address(query))


def _address(query: str, kind: str = "") -> str:
    return "?" + urlencode({"q": query} | ({"type": kind} if kind else {}))


def _says(query: str, found: Found, kind: str, is_promoted: bool) -> str:
    """The answer in a sentence; empty when nothing was asked."""
    number = len(found.kinds)
    if not query or (is_promoted and not number):
        return ""
    if not number:
        return f"Nothing was found for “{query}”"
    told = f"More than {number:,} results" if found.is_more else f"{number:,} result{'' if number == 1 else 's'}"
    return f"{told} for “{query}”" + (f" in {words_of_kinds()[kind]}" if kind else "")
