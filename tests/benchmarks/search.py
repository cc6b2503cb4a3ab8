"""How long a search takes among many pages: `python tests/benchmarks/search.py`.

Makes 100,000 live pages of news and their entries in the index, with texts of 150 words that are as unequally frequent
as in English, among the starting content. Then asks through Django's whole stack, with the settings of
production: words of every frequency, several words, filters, beginnings of words, later pages, misspelt words and
nonsense; in turn with a page that is not the search's, so that both saw the same machine. Ends with code 1 when the
95th percentile of any kind of question is above the limit.

With TEST_DATABASE_URL=postgres://... it uses that database, and SQLite without. A database that has the pages already
(see --folder) is not filled again.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

if __package__:
    from tests.benchmarks.sign_up import ROOT, milliseconds
else:
    from sign_up import ROOT, milliseconds  # ty: ignore[unresolved-import]

LIMIT_MILLISECONDS = 300.0
WORDS, TEXT_WORDS, CHUNK = 20_000, 120, 1000
WARM_UP = 2


def prepare(folder: str) -> None:
    """Set Django up on an empty database."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ |= {
        "DATA_DIR": folder,
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{folder}/site.sqlite3",
        "SITE_URL": "http://testserver",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)


class Texts:
    """Made-up texts. The word of rank n stands in them with a frequency of 1/n (Zipf's law)."""

    def __init__(self) -> None:
        self.random = random.Random(1)  # the same texts in every run
        syllables = [first + vowel for first in "bcdfghjklmnprstvw" for vowel in "aeiou"]
        made = {"".join(self.random.choices(syllables, k=self.random.randint(2, 5))) for _ in range(2 * WORDS)}
        self.words = sorted(made)[:WORDS]
        self.random.shuffle(self.words)
        self.weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def some(self, count: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=count))


def fill(count: int, texts: Texts) -> None:
    """Make so many live pages and their entries in the index, a thousand at a time: Wagtail would take an hour."""
    from wagtail.models import Page

    from core.models import SearchEntry
    from core.search import near
    from news.models import NewsIndexPage

    news = NewsIndexPage.objects.get()
    first = Page.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    for start in range(0, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        with transaction():
            Page.objects.bulk_create(page(news, first, number, texts.some(6)) for number in numbers)
            SearchEntry.objects.bulk_create(entry(first + number, texts) for number in numbers)
        if sys.stdout.isatty():
            print(f"\r{numbers[-1] + 1:,} pages", end="", flush=True)
    near.learn(texts.words)


def transaction() -> Any:
    """One transaction for what is written within a `with` block."""
    from django.db import transaction

    return transaction.atomic()


def page(news: Any, first: int, number: int, title: str) -> Any:
    """A live page beneath the news, as the search reads it; its own fields are in the entry only."""
    from django.utils import timezone
    from wagtail.models import Page

    return Page(
        pk=first + number,
        title=title,
        draft_title=title,
        slug=f"made-{number}",
        path=Page._get_path(news.path, news.depth + 1, number + 1000),
        depth=news.depth + 1,
        url_path=f"{news.url_path}made-{number}/",
        content_type_id=news.content_type_id,
        locale_id=news.locale_id,
        live=True,
        first_published_at=timezone.now(),
    )


def entry(pk: int, texts: Texts) -> Any:
    """The entry of a page, as core.search.index writes it."""
    from core.models import SearchEntry
    from core.models.search import key_by_age

    day = date(2026, 1, 1) - timedelta(days=texts.random.randrange(7000))
    written = {"title": texts.some(6), "summary": texts.some(25), "body": texts.some(TEXT_WORDS)}
    return SearchEntry(id=key_by_age(day, pk), page_id=pk, kind="news", date=day, **written)


def questions(texts: Texts) -> dict[str, list[str]]:
    """Addresses of each kind of question."""
    common, frequent, rare = texts.words[:10], texts.words[10:300], texts.words[3000:]
    pick = texts.random.choice

    def many(make: Any) -> list[str]:
        return ["/search/?q=" + make() for _ in range(40)]

    return {
        "in nearly every text": many(lambda: pick(common)),
        "a frequent word": many(lambda: pick(frequent)),
        "a rare word": many(lambda: pick(rare)),
        "two common words": many(lambda: f"{pick(common)}+{pick(common)}"),
        "five words": many(lambda: "+".join(pick(frequent) for _ in range(5))),
        "a common word, page 40": many(lambda: f"{pick(common)}&page=40"),
        "a common word, one kind": many(lambda: f"{pick(common)}&type=news"),
        "a kind without any": many(lambda: f"{pick(common)}&type=programmes"),
        "the beginning of a word": many(lambda: pick([w for w in rare[:3000] if len(w) > 6])[:5]),
        "three letters": many(lambda: pick(rare)[:3]),
        "a misspelt word": many(lambda: (lambda w: w[:3] + "x" + w[4:])(pick(frequent))),
        "still typing": many(lambda: f"{pick(frequent)}&part=results"),
        "900 words": ["/search/?q=" + "+".join(texts.some(900).split())[:1000] for _ in range(10)],
    }


def measure(asked: dict[str, list[str]]) -> tuple[dict[str, list[float]], list[float]]:
    """Times of each kind of question in milliseconds, and of a page that is none, taken in turn."""
    from django.test import Client

    client = Client()
    times: dict[str, list[float]] = {kind: [] for kind in asked}
    others: list[float] = []

    def ask(address: str) -> None:
        answer = client.get(address)
        if answer.status_code not in (200, 404):
            raise SystemExit(f"{address} was answered with {answer.status_code}")

    for kind, addresses in asked.items():
        for number, address in enumerate([*addresses[:WARM_UP], *addresses]):
            took = milliseconds(lambda address=address: ask(address)), milliseconds(lambda: ask("/about/"))
            if number >= WARM_UP:
                times[kind].append(took[0])
                others.append(took[1])
    return times, others


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000, help="how many pages (default: %(default)s)")
    parser.add_argument("--folder", help="where to keep the database for another run (default: nowhere)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="search-benchmark-") as folder:
        prepare(arguments.folder or folder)
        from django.db import connection

        from core.models import SearchEntry

        texts = Texts()
        if (there := SearchEntry.objects.count()) < arguments.pages:
            took = milliseconds(lambda: fill(arguments.pages, texts)) / 1000
            there = SearchEntry.objects.count()
            print(f"filled in {took:.0f} s")
        if connection.vendor == "postgresql":
            connection.cursor().execute("ANALYZE")  # as autovacuum does after so many changes
        times, others = measure(questions(texts))
    print(f"{connection.vendor}, {there:,} pages and documents")
    reference = statistics.median(others)
    print(f"{'a page that is no search':26} median {reference:6.1f} ms")
    slowest = 0.0
    for kind, each in times.items():
        median, slow = statistics.median(each), statistics.quantiles(each, n=20)[-1]
        slowest = max(slowest, slow)
        print(f"{kind:26} median {median:6.1f} ms, 95th percentile {slow:6.1f} ms, ratio {median / reference:.1f}")
    print(f"limit: 95th percentile at most {LIMIT_MILLISECONDS:.0f} ms")
    return 0 if slowest <= LIMIT_MILLISECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
