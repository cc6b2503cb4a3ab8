"""Counting what was searched for, for editors: words, days and how much was found. Nothing says who asked.

The counts are Wagtail's own (`wagtail.contrib.search_promotions`), so that editors choose from them what to promote.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.db.models import F
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits
from wagtail.search.utils import normalise_query_string

from core.models import SearchOutcome

logger = logging.getLogger(__name__)

# Days for which the counts are kept.
KEPT_DAYS = 365
# Different searches that are counted in a day. A machine that asks for everything shall not fill the database.
MOST_A_DAY = 5000
# Longer ones are no search words, but something that was pasted.
LONGEST = 100
# An e-mail address, or as many digits as a telephone number has.
PERSONAL = re.compile(r"@|(?:\d\W*){6}")
# How long a reader waits for others who write, in milliseconds. A count is worth no more.
PATIENCE = 100


def count(text: str, results: int) -> None:
    """Count a search, unless it looks like somebody's address or number. Never fails: readers want an answer."""
    words = normalise_query_string(text)
    if not words or len(words) > LONGEST or PERSONAL.search(words):
        return
    try:
        with _impatient():
            _count(words, results)
    except DatabaseError as error:
        logger.warning("A search was not counted: %s", type(error).__name__)


def _count(words: str, results: int) -> None:
    today = timezone.localdate()
    hits = QueryDailyHits.objects.filter(date=today)
    if not hits.filter(query__query_string=words).update(hits=F("hits") + 1):
        if hits.count() >= MOST_A_DAY:
            return
        query = Query.get(words)
        query.add_hit(today)
        SearchOutcome.objects.update_or_create(query=query, defaults={"results": results})
        return
    SearchOutcome.objects.filter(query__query_string=words).exclude(results=results).update(results=results)


@contextmanager
def _impatient() -> Iterator[None]:
    """On SQLite, give up soon when others write. PostgreSQL locks no more than the row that is counted in."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        patience = connection.settings_dict["OPTIONS"]["timeout"]
        connection.connection.execute(f"PRAGMA busy_timeout = {patience * 1000}")


def forget() -> None:
    """Delete counts that are older than KEPT_DAYS, and words that nobody has searched for since."""
    QueryDailyHits.garbage_collect(days=KEPT_DAYS)
    Query.garbage_collect()
