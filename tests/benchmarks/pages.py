"""How long readers' pages take on a large site when none is kept: `python -m tests.benchmarks.pages`.

Asks for lists, their last pages, categories, years, feeds, an article and the site map through Django's whole stack,
past the page cache and as it asks: what is on every page was read when another was rendered. (One article also without
that, as the first page after a change is rendered.) Asks for the admin's list as well. On the database of
`tests.benchmarks.admin` (100,000 pages of news; see there for --folder and for PostgreSQL), each in turn with
/health/live/, so that both saw the same machine. Prints the middle time, the 95th percentile, the ratio and the number
of queries. Ends with code 1 above a limit.
"""

import argparse
import re
import statistics
import sys
import tempfile
from functools import partial
from typing import Any

from tests.benchmarks.admin import clients, prepare
from tests.benchmarks.sign_up import milliseconds

LIMIT_MILLISECONDS = 300.0
# The middle time of an article and of the first page of a list.
LIMIT_OF_PAGE_MILLISECONDS = 25.0
LIMIT_QUERIES = 12
REFERENCE = "/health/live/"
FIRST = "article, first of all"
ADMIN = "list in the admin"


def places(client: Any) -> dict[str, str]:
    """The addresses that are asked for, by what they are."""
    from news.models import NewsArticlePage

    article = NewsArticlePage.objects.live().latest("pk")
    category = f"/news/category/{article.category.slug}/"
    last = -(-NewsArticlePage.objects.live().count() // 20)
    index = client.get("/sitemap.xml").content.decode()
    parts = re.findall(r"<loc>http://testserver(/sitemap-\d+\.xml)</loc>", index)
    return {
        FIRST: f"/news/{article.slug}/",
        "home": "/",
        "article": f"/news/{article.slug}/",
        "list": "/news/",
        "list, in the middle": f"/news/?page={last // 2}",
        "list, last page": f"/news/?page={last}",
        "list, one year": "/news/?year=2018",
        "category": category,
        "category, page 500": f"{category}?page=500",
        "feed": "/news/feed/",
        "feed in JSON": "/news/feed.json",
        "feed of a category": f"{category}feed/",
        "case stories": "/case-stories/",
        "llms.txt": "/llms.txt",
        "site map": "/sitemap.xml",
        **({"site map, first part": parts[0], "site map, last part": parts[-1]} if parts else {}),
    }


def list_in_admin() -> str:
    """The address where editors find the news."""
    from django.urls import reverse

    from news.models import NewsIndexPage

    return reverse("wagtailadmin_explore", args=[NewsIndexPage.objects.get().pk])


def queries_of(client: Any, address: str) -> int:
    """How many queries an address takes. Asked for twice before: what is remembered for long is known by then."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(2):
        status = client.get(address).status_code
        if status != 200:
            raise SystemExit(f"{address} was answered with {status}")
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def measure(rounds: int) -> bool:
    """Ask for everything, print what it took, and say whether all of it was quick enough."""
    from django.test import Client

    alone = Client(headers={"accept-encoding": "gzip"})
    one_of_many = Client(headers={"accept-encoding": "gzip"}, **{"page_cache.generation": "the same"})
    asked = [(what, alone if what == FIRST else one_of_many, address) for what, address in places(Client()).items()]
    asked += [(f"{ADMIN}, {who}", editor, list_in_admin()) for who, editor in clients().items()]
    held = True
    for what, client, address in asked:
        queries = queries_of(client, address)
        times, references = [], []
        for _ in range(rounds):
            times.append(milliseconds(partial(client.get, address)))
            references.append(milliseconds(partial(client.get, REFERENCE)))
        middle, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        ratio = middle / statistics.median(references)
        print(f"{what:29} {middle:6.1f} ms, p95 {slow:6.1f} ms, {ratio:5.1f} times {REFERENCE}, {queries:3} queries")
        held &= slow <= LIMIT_MILLISECONDS
        held &= what not in ("article", "list") or middle <= LIMIT_OF_PAGE_MILLISECONDS
        held &= queries <= LIMIT_QUERIES or what.startswith(("site map", ADMIN))
    return held


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000, help="how many pages (default: %(default)s)")
    parser.add_argument("--folder", help="where to keep the database for another run (default: nowhere)")
    parser.add_argument("--rounds", type=int, default=40, help="how often each is asked for (default: %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pages-benchmark-") as folder:
        if prepare(arguments.folder or folder):
            from tests.benchmarks.many_records import fill

            fill(arguments.pages, 1000, 1000)
        from django.db import connection

        from news.models import NewsArticlePage

        print(f"{connection.vendor}, {NewsArticlePage.objects.count():,} pages of news")
        held = measure(arguments.rounds)
    limits = f"p95 {LIMIT_MILLISECONDS:.0f} ms, an article and a list {LIMIT_OF_PAGE_MILLISECONDS:.0f} ms as a rule"
    print(f"limits: {limits}, {LIMIT_QUERIES} queries: {'held' if held else 'MISSED'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
