"""The WSGI layer in front of Django."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import structlog

from core.page_cache.answers import Answer, Representation, coding_for, is_same, with_cache_status
from core.page_cache.flights import Flight, Flights
from core.page_cache.generation import Watcher
from core.page_cache.public import arguments_used
from core.page_cache.renewals import Renewals
from core.page_cache.requests import Environ, Questions, is_for_everyone, names_in
from core.page_cache.store import Kept, Key, Store

logger = logging.getLogger(__name__)

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# How old a page may be that nothing is known to have changed: what depends on the clock, such as a closing date, and
# what was changed behind our back turn right by themselves.
FRESH_SECONDS = 50.0
# While a page is rendered anew, visitors get the last copy if it is not older than this,
LAST_COPY_SECONDS = 60.0
# and not for longer than this: then they wait.
OLD_FOR_SECONDS = 2.0
# So does the one who finds that it is to be rendered, when the change was seen not longer ago than this, or when only
# its time is over: then it is rendered behind the readers. Later a visitor may come to see the change.
RENEWED_WITHIN_SECONDS = 1.0
# The longest that one waits for another's rendering before asking Django too.
WAIT_SECONDS = 10.0
# The part of the memory for addresses with a query string, of which there may be any number.
PART_WITH_ARGUMENTS = 4
# How often what was counted is logged.
LOG_SECONDS = 300.0

HIT, OLD, NEW, REFUSED = "hit", "hit; ttl=-1", "fwd=miss; stored", "fwd=miss"
RENEWED = f"{OLD}; detail=renewed"


class PageCache:
    """Answers from memory what may be answered so, and asks Django for the rest.

    `counts` tells what happened in this process: `hits` (with `old`, the last copy while another was made), `misses`
    (Django was asked and the answer kept), `refusals` (asked, and not to be kept), `passed` (none of the cache's
    business).
    """

    def __init__(self, application: Application, limit: int) -> None:
        """Wrap a WSGI application.

        Args:
            application: Django's, which answers with HttpResponse objects.
            limit: bytes of memory for answers, in each process.
        """
        self.application = application
        self.counts: Counter[str] = Counter(hits=0, old=0, misses=0, refusals=0, passed=0)
        self._counting = threading.Lock()
        self._logs_at = time.monotonic() + LOG_SECONDS
        self._watcher = Watcher()
        self._questions = Questions()
        self._flights = Flights()
        self._renewals = Renewals()
        part = limit // PART_WITH_ARGUMENTS
        self._stores = {False: Store(limit - part), True: Store(part)}
        self._thread = threading.local()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        if not self._watcher.is_running:
            self._watcher.start()
        answer = self.at_once(environ, start_response)
        if answer is not None:
            return answer
        key, kept = self._find(environ)
        if key is None or (kept is None and not is_for_everyone(environ)):
            return self._pass(environ, start_response)
        return self._answer_anew(key, kept, environ, start_response)

    def at_once(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes] | None:
        """Answer a request for what is kept and fresh; None for all others (core.web_worker.AnswersAtOnce)."""
        _, kept = self._find(environ)
        if kept is None or not self._is_fresh(kept):
            return None
        return self._send_kept(kept, HIT, "hits", environ, start_response)

    def _find(self, environ: Environ) -> tuple[Key | None, Kept | None]:
        """The key of a request, None when it is none of the cache's business, and what is kept under it."""
        key = self._questions.key_of(environ)
        return key, self._store(key).get(key) if key else None

    @property
    def memory(self) -> int:
        """What is kept in this process takes, in bytes."""
        return sum(store.bytes for store in self._stores.values())

    def _store(self, key: Key) -> Store:
        return self._stores[bool(key[2])]

    def _is_fresh(self, kept: Kept) -> bool:
        return self._watcher.is_current(kept.generation) and time.monotonic() - kept.made_at < FRESH_SECONDS

    # Asking Django

    def _answer_anew(
        self, key: Key, old: Kept | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Have one rendering made for many requests for the same address; they get the last copy or wait."""
        flight, is_mine = self._flights.board(key)
        if is_mine:
            landed = self._store(key).get(key)
            if landed is not None and self._is_fresh(landed):  # another flight, a moment ago
                flight.kept = landed
                self._flights.land(key, flight)
            elif old and self._is_good_for_now(old) and self._renewals.take(partial(self._renew, key, flight)):
                return self._send_kept(old, RENEWED, "old", environ, start_response)
            else:
                return self._send_new(key, self._render(key, flight), flight.kept, environ, start_response)
        elif old and self._is_recent(old) and time.monotonic() - flight.began < OLD_FOR_SECONDS:
            return self._send_kept(old, OLD, "old", environ, start_response)
        flight.landed.wait(WAIT_SECONDS)
        if flight.kept:
            return self._send_kept(flight.kept, HIT, "hits", environ, start_response)
        # It was not to be kept, or it takes long: everybody for themselves.
        return self._send_new(key, self._ask(key)[0], None, environ, start_response)

    def _is_recent(self, old: Kept) -> bool:
        return time.monotonic() - old.made_at < LAST_COPY_SECONDS

    def _is_good_for_now(self, old: Kept) -> bool:
        """Whether who finds an old copy may have it: nobody can have been told that the page is another by now."""
        has_changed = not self._watcher.is_current(old.generation)
        is_news = time.monotonic() - self._watcher.adopted_at < RENEWED_WITHIN_SECONDS
        return self._is_recent(old) and (is_news or not has_changed)

    def _renew(self, key: Key, flight: Flight) -> None:
        """Render a page for nobody in particular."""
        self._render(key, flight)
        self._count("misses" if flight.kept else "refusals")
        self._log_now_and_then()

    def _render(self, key: Key, flight: Flight) -> Answer:
        """Ask Django for the page of a flight, keep it if it may be, and land the flight."""
        try:
            answer, flight.kept = self._ask_and_keep(key)
            return answer
        finally:
            self._flights.land(key, flight)

    def _ask_and_keep(self, key: Key) -> tuple[Answer, Kept | None]:
        # As it is now: a page that has just been published is not to be rendered once more when that is adopted.
        generation, now = self._watcher.look(), time.monotonic()
        answer, is_keepable = self._ask(key, generation)
        if not is_keepable:
            self._store(key).drop(key)  # what was public is so no longer
            return answer, None
        kept = Kept(answer.represented(), generation, now)
        return answer, kept if self._store(key).put(key, kept) else None

    def _ask(self, key: Key, generation: str = "") -> tuple[Answer, bool]:
        """Django's answer to the request that stands for all of this key, and whether it may be kept.

        Asked in a generation, Django may use what it read for other pages in the same (core.memory).
        """
        self._thread.asked_django = True
        asked = {**self._questions.as_asked_of_django(key), "page_cache.generation": generation}
        said: list[Any] = []
        response: Any = self.application(asked, lambda *status_and_headers, **_: said.extend(status_and_headers[:2]))
        try:
            answer = Answer(said[0], said[1], b"".join(response))
        finally:
            response.close()
        is_whole = not getattr(response, "streaming", True)
        return answer, is_whole and answer.is_keepable and names_in(key[2]) <= arguments_used(asked)

    def _pass(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Leave a request to Django as it is."""
        self._thread.asked_django = True
        self._count("passed")
        return self.application(environ, start_response)

    # Sending

    def _send_kept(
        self, kept: Kept, status: str, counted: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        self._count(counted)
        self._forget_request_id()
        chosen = kept.representations[coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))]
        return _send("200 OK", chosen, status, environ, start_response)

    def _send_new(
        self, key: Key, answer: Answer, kept: Kept | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        self._count("misses" if kept else "refusals")
        self._log_now_and_then()
        if answer.status.startswith("404") and environ.get("QUERY_STRING", "") != key[2]:
            return self.application(environ, start_response)  # redirects of old addresses may know the arguments
        coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        chosen = kept.representations[coding] if kept else answer.represent(coding)
        return _send(answer.status, chosen, NEW if kept else REFUSED, environ, start_response)

    def _forget_request_id(self) -> None:
        """Keep the id of the last request that Django answered in this thread out of this one's log lines."""
        if getattr(self._thread, "asked_django", False):
            structlog.contextvars.clear_contextvars()
            self._thread.asked_django = False

    def _count(self, what: str) -> None:
        with self._counting:
            self.counts[what] += 1

    def _log_now_and_then(self) -> None:
        """Log what was counted. Asked when a page was made, which each page is every minute that it is read in."""
        now = time.monotonic()
        if now > self._logs_at:
            self._logs_at = now + LOG_SECONDS
            logger.info("page cache", extra={**self.counts, "bytes": self.memory})


def _send(
    status: str, chosen: Representation, cache_status: str, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    has = environ.get("HTTP_IF_NONE_MATCH")
    if has and chosen.etag and is_same(has, chosen.etag):
        start_response("304 Not Modified", with_cache_status(chosen.not_modified, cache_status))
        return []
    start_response(status, with_cache_status(chosen.headers, cache_status))
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [chosen.body]
