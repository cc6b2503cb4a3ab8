"""How long the site map of a large site takes: `python tests/benchmarks/sitemap.py`.

Makes 100,000 pages (news and case stories, every third with a picture, every hundredth hidden from search engines) on
a SQLite file with the settings of production, then asks for the index and for every part in turn, as a crawler does,
compressed. Prints the times, the queries and the most memory (Linux) that answering took. Ends with code 1 above a
limit.
"""

import argparse
import re
import statistics
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

if __package__:
    from tests.benchmarks.sign_up import milliseconds, prepare
else:
    from sign_up import milliseconds, prepare  # ty: ignore[unresolved-import]

LIMIT_MILLISECONDS = 300.0
LIMIT_MEGABYTES = 256.0
ROUNDS = 10
PICTURES = 1000
BATCH = 1000


def make_pages(count: int) -> None:
    """So many pages beneath the lists of news and of case stories, written without drawing a map for each."""
    from django.core.management import call_command
    from wagtail.models import Page

    from core.models import SiteImage
    from news.models import NewsArticlePage, NewsIndexPage
    from programmes.models import CaseStoriesPage, CaseStoryPage

    call_command("load_content", verbosity=0)
    SiteImage.objects.bulk_create(
        SiteImage(title=f"Picture {n}", file=f"original_images/picture-{n}.jpg", width=1, height=1)
        for n in range(PICTURES)
    )
    pictures = list(SiteImage.objects.order_by("-pk").values_list("pk", flat=True)[:PICTURES])
    first = (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    sections = [(NewsArticlePage, NewsIndexPage.objects.get()), (CaseStoryPage, CaseStoriesPage.objects.get())]
    for number in range(0, count, BATCH):
        kind, parent = sections[number // BATCH % len(sections)]
        _write(kind, parent, range(first + number, first + min(number + BATCH, count)), pictures)


def _write(kind: Any, parent: Any, keys: range, pictures: list[int]) -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone
    from wagtail.models import Page, ReferenceIndex

    types = ContentType.objects.get_for_models(Page, kind)
    begin = datetime(2010, 1, 1, tzinfo=timezone.get_current_timezone())
    made = []
    for key in keys:
        slug = f"a-page-with-a-title-of-some-length-{key}"
        place = Page._get_path(parent.path, parent.depth + 1, key)
        page = kind(
            id=key, page_ptr_id=key, title=slug, draft_title=slug, slug=slug, path=place, depth=parent.depth + 1
        )
        page.url_path, page.content_type, page.locale_id = f"{parent.url_path}{slug}/", types[kind], parent.locale_id
        page.last_published_at = begin + timedelta(hours=key)
        page.noindex, page.listing_image_id = key % 100 == 0, pictures[key % PICTURES] if key % 3 == 0 else None
        made.append(page)
    Page._base_manager._insert(made, fields=Page._meta.local_concrete_fields, using="default")
    kind._base_manager._insert(made, fields=kind._meta.local_concrete_fields, using="default")
    ReferenceIndex.objects.bulk_create(
        _reference(types[Page], types[kind], page) for page in made if page.listing_image_id
    )


def _reference(base: Any, own: Any, page: Any) -> Any:
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import ReferenceIndex

    from core.models import SiteImage

    return ReferenceIndex(
        base_content_type=base,
        content_type=own,
        object_id=str(page.pk),
        to_content_type=ContentType.objects.get_for_model(SiteImage),
        to_object_id=str(page.listing_image_id),
        model_path="listing_image",
        content_path="listing_image",
        content_path_hash=ReferenceIndex._get_content_path_hash("listing_image"),
    )


def measure() -> tuple[list[float], list[float], int]:
    """Times of the index and of the parts in milliseconds, and the most queries that one of them took."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"accept-encoding": "gzip"})
    index = Client().get("/sitemap.xml").content.decode()
    parts = re.findall(r"<loc>http://testserver(/sitemap-\d+\.xml)</loc>", index)
    if not parts:
        raise SystemExit("the site map has no parts")
    queries = 0
    for address in ("/sitemap.xml", *parts):
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        queries = max(queries, len(captured))
    indexes = [milliseconds(lambda: client.get("/sitemap.xml")) for _ in range(ROUNDS)]
    times = [milliseconds(lambda part=part: client.get(part)) for _ in range(ROUNDS) for part in parts]
    return indexes, times, queries


def forget_peak() -> None:
    """Begin anew with measuring the most memory that this process takes."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_megabytes() -> float:
    """The most memory that this process took since."""
    said = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(said[1]) / 1024 if said else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000, help="how many pages (default: %(default)s)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="sitemap-benchmark-") as folder:
        prepare(folder)
        make_pages(count)
        forget_peak()
        indexes, times, queries = measure()
        peak = peak_megabytes()
    slow = statistics.quantiles(times, n=20)[-1]
    print(f"index:   median {statistics.median(indexes):.0f} ms, most {max(indexes):.0f} ms")
    print(f"parts:   median {statistics.median(times):.0f} ms, 95th percentile {slow:.0f} ms")
    print(f"queries: {queries} at most")
    print(f"memory:  {peak:.0f} MB at most")
    print(f"limits:  {LIMIT_MILLISECONDS:.0f} ms for a part, {LIMIT_MEGABYTES:.0f} MB")
    return 0 if slow <= LIMIT_MILLISECONDS and peak <= LIMIT_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
