"""The WSGI layer of the page cache over an application of our own: what it asks, what it keeps, what others get."""

import gzip
import io
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import brotli
import pytest

from core.page_cache import public, renewals, requests, wsgi
from core.page_cache.wsgi import PageCache

GENERATION = "page_cache.generation"
BODY = "<p>" + "Leadership for everyone. " * 40


def words_of(environ: dict[str, Any]) -> dict[str, str]:
    """What is asked, without what the page cache itself says."""
    return {name: value for name, value in environ.items() if isinstance(value, str) and name != GENERATION}


class Application:
    """Stands in for Django: answers with every word it was asked, and counts."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status = "200 OK"
        self.headers = [("Content-Type", "text/html"), ("Cache-Control", "public, max-age=0"), ("ETag", '"its own"')]
        self.body = BODY.encode()
        self.streaming = False
        self.arguments: set[str] = {"page", "year"}
        self.before: Callable[[], object] = lambda: None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked.append(environ)
        self.before()
        environ["page_cache.arguments"] = frozenset(self.arguments)
        words = words_of(environ)
        start_response(self.status, list(self.headers))
        response = type("Response", (list,), {"streaming": self.streaming, "close": lambda self: None})
        return response([self.body, repr(sorted(words.items())).encode()])


class Browser:
    """Sends requests through the page cache."""

    def __init__(self, settings: Any) -> None:
        self.application = Application()
        self.cache = PageCache(self.application, 4 * 1024 * 1024)  # ty: ignore
        self.settings = settings

    def get(self, path: str = "/about/", query: str = "", method: str = "GET", **extra: Any) -> SimpleNamespace:
        answer = self._ask(self.cache, path, query, method, **extra)
        assert answer
        return answer

    def get_at_once(self, path: str = "/about/", **extra: Any) -> SimpleNamespace | None:
        """What gunicorn's loop would answer."""
        return self._ask(self.cache.at_once, path, **extra)

    def _ask(
        self, ask: Callable[..., Any], path: str, query: str = "", method: str = "GET", **extra: Any
    ) -> SimpleNamespace | None:
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "REMOTE_ADDR": "192.0.2.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            **extra,
        }
        said: list[Any] = []
        parts = ask(environ, lambda status, headers, *_: said.extend((status, headers)))
        if parts is None:
            assert not said
            return None
        return SimpleNamespace(status=said[0], headers=dict(said[1]), body=b"".join(parts), list=said[1])

    @property
    def asked(self) -> int:
        return len(self.application.asked)

    def adopt(self, generation: str) -> None:
        """Have the page cache learn of a change, some time ago."""
        self.cache._watcher.seen = self.cache._watcher.token = generation

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what another thread does."""
        deadline = time.perf_counter() + 5
        while not condition():
            assert time.perf_counter() < deadline
            time.sleep(0.005)


@pytest.fixture
def browser(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(wsgi, "is_for_everyone", lambda environ: not environ["PATH_INFO"].startswith("/private/"))
    monkeypatch.setattr(requests, "all_arguments", lambda: frozenset({"page", "year", "kind"}))
    monkeypatch.setattr(wsgi.Watcher, "start", lambda watcher: None)
    monkeypatch.setattr(wsgi.Watcher, "look", lambda watcher: watcher.seen)
    return Browser(settings)


# --- Hits --------------------------------------------------------------------------------------------


def test_the_second_visitor_is_answered_from_memory_with_the_same_bytes(browser):
    first, second = browser.get(), browser.get()
    assert browser.asked == 1
    assert first.body == second.body != b""
    assert second.headers["Cache-Status"] == "page-cache; hit"
    assert {**first.headers, "Cache-Status": ""} == {**second.headers, "Cache-Status": ""}
    assert browser.cache.counts["hits"] == browser.cache.counts["misses"] == 1


def test_what_is_kept_and_fresh_is_answered_at_once_like_any_other_time(browser):
    assert browser.get_at_once() is None
    browser.get()
    kept, at_once = browser.get(), browser.get_at_once()
    assert at_once == kept
    assert browser.cache.counts["hits"] == 2
    etag = {"HTTP_IF_NONE_MATCH": kept.headers["ETag"]}
    assert browser.get_at_once(**etag) == browser.get(**etag)
    assert browser.get_at_once(**etag).status == "304 Not Modified"
    assert browser.asked == 1


def test_nothing_is_answered_at_once_that_would_ask_django(browser):
    browser.get()
    session = f"{browser.settings.SESSION_COOKIE_NAME}=x"
    assert browser.get_at_once(HTTP_COOKIE=session) is None
    assert browser.get_at_once(HTTP_HOST="evil.example") is None
    assert browser.get_at_once(method="POST") is None
    assert browser.get_at_once("/contact/") is None
    assert browser.get_at_once("/private/") is None
    browser.adopt("another")
    assert browser.get_at_once() is None  # a change has been seen: it is to be rendered
    assert browser.asked == 1
    assert browser.cache.counts == {"hits": 0, "old": 0, "misses": 1, "refusals": 0, "passed": 0}


def test_a_head_request_gets_the_headers_and_no_body(browser):
    whole, head = browser.get(), browser.get(method="HEAD")
    assert (head.status, head.body, browser.asked) == ("200 OK", b"", 1)
    assert head.headers["Content-Length"] == str(len(whole.body)) == whole.headers["Content-Length"]


def test_a_head_request_that_comes_first_leaves_a_whole_page(browser):
    assert browser.get(method="HEAD").body == b""
    assert browser.get().body.startswith(b"<p>")
    assert browser.asked == 1


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZip;q=1.0", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0,gzip;q=0", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("br;q=high", None),
        ("br;q=1;x=1", None),
        (",;,;;q=,br", "br"),
        ("deflate", None),
        ("brotli, xgzip", None),
        ("gzip," + "x" * 5000, None),
        ("gzip\x00", None),
    ],
)
def test_each_gets_the_coding_asked_for_whatever_others_asked(browser, accept, coding):
    plain = browser.get().body
    answer = browser.get(HTTP_ACCEPT_ENCODING=accept)
    assert browser.asked == 1
    assert answer.headers.get("Content-Encoding") == coding
    decode = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding]
    assert decode(answer.body) == plain
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(answer.body)


def test_each_coding_has_a_strong_tag_of_its_own(browser):
    tags = {browser.get(HTTP_ACCEPT_ENCODING=accept).headers["ETag"] for accept in ("", "gzip", "br")}
    assert len(tags) == 3
    assert all(tag.startswith('"') and tag != '"its own"' for tag in tags)


@pytest.mark.parametrize("given", ['"other", {}', "{}", "W/{}", "*", ' {} , "x"'])
def test_who_has_the_page_already_gets_304(browser, given):
    tag = browser.get().headers["ETag"]
    answer = browser.get(HTTP_IF_NONE_MATCH=given.format(tag))
    assert (answer.status, answer.body) == ("304 Not Modified", b"")
    assert answer.headers["ETag"] == tag
    assert answer.headers["Cache-Control"] == "public, max-age=0"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not {"Content-Length", "Content-Encoding", "Content-Type"} & answer.headers.keys()


def test_the_tag_of_another_coding_is_not_the_page_that_is_asked_for(browser):
    tag = browser.get(HTTP_ACCEPT_ENCODING="gzip").headers["ETag"]
    assert browser.get(HTTP_IF_NONE_MATCH=tag).status == "200 OK"
    assert browser.get(HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_ENCODING="gzip").status == "304 Not Modified"


def test_the_first_visitor_may_have_the_page_already_too(browser):
    tag = browser.get().headers["ETag"]
    browser.adopt("another")
    assert browser.get(HTTP_IF_NONE_MATCH=tag).status == "304 Not Modified"
    assert browser.asked == 2


def test_a_server_that_writes_into_the_headers_spoils_nothing(browser):
    browser.get().list.append(("X-Mine", "1"))
    browser.get().list.clear()
    assert "X-Mine" not in browser.get().headers


# --- What is kept ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"status": "404 Not Found"},
        {"status": "301 Moved Permanently"},
        {"status": "500 Internal Server Error"},
        {"headers": [("Cache-Control", "public"), ("Set-Cookie", "a=b")]},
        {"headers": [("Cache-Control", "public, no-store")]},
        {"headers": [("Cache-Control", "public"), ("cache-control", "Private")]},
        {"headers": [("Cache-Control", "public, no-cache")]},
        {"headers": [("Cache-Control", "max-age=60")]},
        {"headers": []},
        {"headers": [("Cache-Control", "public"), ("Vary", "Accept-Encoding, Cookie")]},
        {"headers": [("Cache-Control", "public"), ("Vary", "*")]},
        {"headers": [("Cache-Control", "public"), ("Content-Encoding", "gzip")]},
        {"streaming": True},
        {"body": b"x" * 1024 * 1024},
    ],
)
def test_other_answers_are_given_once_and_not_kept(browser, change):
    vars(browser.application).update(change)
    answers = [browser.get(), browser.get()]
    assert browser.asked == 2
    assert {answer.status for answer in answers} == {browser.application.status}
    assert browser.cache.memory == 0
    assert browser.cache.counts["refusals"] == 2


def test_what_is_public_no_longer_is_forgotten_at_once(browser):
    browser.get()
    browser.adopt("another")
    browser.application.status = "302 Found"
    assert browser.get().status == "302 Found"
    assert browser.cache.memory == 0


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST"},
        {"method": "PUT"},
        {"method": "TRACE"},
        {"method": "get"},
        {"path": "/private/page/"},
        {"path": "/admin/"},
        {"path": "/static/css/site.css"},
        {"HTTP_COOKIE": "sessionid=abc"},
        {"HTTP_COOKIE": "theme=dark; sessionid=; x=y"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "TESTSERVER"},
        {"HTTP_HOST": "testserver:8080"},
        {"HTTP_HOST": "testserver,testserver"},
        {"HTTP_HOST": ""},
        {"SCRIPT_NAME": "/elsewhere"},
        {"query": "page=" + "1" * 2000},
        {"query": "&".join("a=1" for _ in range(60))},
    ],
)
def test_a_request_that_is_not_the_caches_business_goes_to_django_as_it_is(browser, request_):
    browser.get()
    for _ in range(2):
        browser.get(**request_)
    assert browser.asked == 3
    asked = browser.application.asked[-1]
    for name, value in request_.items():
        if name.isupper():
            assert asked[name] == value
    assert browser.cache.counts["passed"] == 2
    assert browser.get().headers["Cache-Status"] == "page-cache; hit"  # and changes nothing for others


def test_an_editors_answer_is_neither_kept_nor_given_to_anybody(browser):
    browser.application.headers.append(("X-Editor", "yes"))
    assert "X-Editor" in browser.get(HTTP_COOKIE="sessionid=abc").headers
    browser.application.headers.pop()
    assert "X-Editor" not in browser.get().headers


# --- Poisoning ---------------------------------------------------------------------------------------

FORGERIES = [
    {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_PORT": "1"},
    {"HTTP_X_FORWARDED_FOR": "203.0.113.9", "REMOTE_ADDR": "203.0.113.9"},
    {"HTTP_FORWARDED": "host=evil.example;proto=https"},
    {"HTTP_X_ORIGINAL_URL": "/admin/", "HTTP_X_REWRITE_URL": "/admin/"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "POST", "HTTP_X_HTTP_METHOD": "DELETE"},
    {"HTTP_COOKIE": "csrftoken=evil; messages=evil; django_language=cy"},
    {"HTTP_RANGE": "bytes=0-1", "HTTP_IF_RANGE": '"x"'},
    {"HTTP_IF_MODIFIED_SINCE": "Sun, 22 Nov 2099 03:51:14 GMT", "HTTP_IF_MATCH": '"evil"'},
    {"HTTP_ACCEPT": "application/json", "HTTP_ACCEPT_LANGUAGE": "evil", "HTTP_USER_AGENT": "evil"},
    {"HTTP_CACHE_CONTROL": "no-cache", "HTTP_PRAGMA": "no-cache", "HTTP_AUTHORIZATION": "Basic evil"},
    {"HTTP_ACCEPT_ENCODING": "evil, br;q=evil"},
    {"HTTP_REFERER": "https://evil.example/", "HTTP_ORIGIN": "https://evil.example"},
    {"query": "utm_source=evil&evil[]=1&%00=evil"},
    {"query": "evil"},
    {"query": "?&&=&;page=evil"},
    {"RAW_URI": "/evil/", "REQUEST_URI": "/evil/", "SERVER_NAME": "evil.example", "SERVER_PORT": "666"},
    {"CONTENT_LENGTH": "4", "CONTENT_TYPE": "evil/evil", "wsgi.input": io.BytesIO(b"evil")},
    {"wsgi.url_scheme": "https"},
]


@pytest.mark.parametrize("forged", FORGERIES, ids=lambda forged: next(iter(forged)))
def test_nothing_that_the_first_visitor_sends_reaches_those_who_come_after(browser, forged):
    answer = browser.get(**forged)
    asked = browser.application.asked[0]
    assert "evil" not in repr({name: value for name, value in asked.items() if name != "wsgi.errors"})
    assert (asked["REQUEST_METHOD"], asked["wsgi.input"].read(), asked["wsgi.url_scheme"]) == ("GET", b"", "http")
    assert "HTTP_COOKIE" not in asked
    clean = browser.get()
    assert browser.asked == 1
    assert answer.body == clean.body and answer.status == clean.status == "200 OK"
    assert clean.headers.get("Content-Encoding") is None


def test_django_is_asked_alike_whoever_asks(browser):
    for number, forged in enumerate(FORGERIES):
        browser.adopt(f"{number}")
        browser.get(**forged)
    words = [words_of(asked) for asked in browser.application.asked]
    assert len(words) == len(FORGERIES)
    assert all(one == words[0] for one in words)


def test_django_is_told_the_generation_that_it_renders_for(browser):
    browser.get()
    browser.adopt("another")
    browser.get()
    browser.get(HTTP_COOKIE=f"{browser.settings.SESSION_COOKIE_NAME}=x")  # an editor, perhaps
    assert [asked.get(GENERATION) for asked in browser.application.asked] == ["", "another", None]


@pytest.mark.parametrize(
    "path", ["/about/;a.css", "//about/", "/about//", "/about/%2f", "/about", "/About/", "/about/.", "/\xe9/"]
)
def test_each_path_is_kept_for_itself(browser, path):
    page = browser.get().body
    other = browser.get(path).body
    assert browser.application.asked[1]["PATH_INFO"] == path
    assert other != page
    assert browser.get().body == page
    assert browser.asked == 2


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("page=2", "page=2&utm_source=x", True),
        ("year=2024&page=2", "page=2&year=2024", True),
        ("page=1&page=2", "page=2", True),
        ("page=2", "p%61ge=2", True),
        ("page=2", "page=3", False),
        ("page=2", "", False),
        ("page=", "", False),
        ("page=2", "PAGE=2", False),
        ("page=2;year=3", "page=2", False),
        ("page=a%26year=3", "page=a&year=3", False),
        ("page=%ff", "page=%fe", True),  # neither is text: Django reads both alike
    ],
)
def test_arguments_have_one_form(browser, one, other, alike):
    browser.get(query=one)
    browser.get(query=other)
    assert browser.asked == (1 if alike else 2)


def test_an_argument_that_the_page_does_not_use_is_answered_and_not_kept(browser):
    for _ in range(2):
        assert browser.get(query="kind=x").status == "200 OK"
    assert browser.asked == 2
    assert browser.cache.memory == 0


def test_an_old_address_is_redirected_by_all_its_arguments(browser):
    browser.application.status = "404 Not Found"
    browser.get("/old/", query="id=7")
    assert [asked["QUERY_STRING"] for asked in browser.application.asked] == ["", "id=7"]


def test_over_https_a_plain_request_is_not_answered_from_memory(settings, browser):
    from ipaddress import ip_network

    settings.SITE_URL, settings.TRUSTED_PROXIES = "https://testserver", [ip_network("10.0.0.0/8")]
    browser = Browser(settings)
    proxied = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}
    browser.get(**proxied)
    browser.get(**{"wsgi.url_scheme": "https"})
    assert browser.asked == 1
    assert browser.application.asked[0]["wsgi.url_scheme"] == "https"
    browser.get()  # Django redirects it
    browser.get(HTTP_X_FORWARDED_PROTO="https")  # from nobody we trust
    browser.get(**proxied | {"HTTP_X_FORWARDED_PROTO": "http"})
    assert browser.asked == 4
    assert browser.cache.counts["passed"] == 3


# --- Bounds ------------------------------------------------------------------------------------------


def test_any_number_of_query_strings_takes_a_part_of_the_memory_and_pushes_no_page_out(browser):
    browser.get()
    browser.application.body = b"x" * 20_000
    for number in range(1000):
        browser.get(query=f"page={number}")
    assert browser.cache.memory <= 4 * 1024 * 1024 // 4 + 20_000
    assert browser.get().headers["Cache-Status"] == "page-cache; hit"


def test_what_was_not_asked_for_the_longest_goes_first(browser):
    browser.application.body = bytes(range(256)) * 1000
    paths = [f"/{number}/" for number in range(30)]
    for path in paths:
        browser.get(path)
        browser.get(paths[0])
    before = browser.asked
    browser.get(paths[0])
    assert browser.asked == before
    browser.get(paths[1])
    assert browser.asked == before + 1
    assert browser.cache.memory <= 4 * 1024 * 1024


# --- Time, generations, many at once -----------------------------------------------------------------


def test_a_new_generation_makes_every_page_anew(browser):
    browser.get()
    browser.adopt("another")
    assert browser.get().headers["Cache-Status"] == "page-cache; fwd=miss; stored"
    assert browser.get().headers["Cache-Status"] == "page-cache; hit"


def test_a_page_made_while_something_changed_is_made_again(browser):
    browser.application.before = lambda: browser.adopt("changed meanwhile")
    browser.get()
    browser.application.before = lambda: None
    browser.get()
    assert browser.asked == 2


def test_a_page_that_is_made_before_its_generation_is_adopted_is_not_made_again(browser):
    browser.get("/other/")
    browser.cache._watcher.seen = "another"
    browser.get()
    assert browser.get("/other/").headers["Cache-Status"] == "page-cache; hit"  # the change may not be whole yet
    browser.adopt("another")
    assert browser.get().headers["Cache-Status"] == "page-cache; hit"
    assert browser.get("/other/").headers["Cache-Status"] == "page-cache; fwd=miss; stored"


def test_a_page_is_made_anew_within_a_minute_though_nothing_is_known_to_have_changed(browser, monkeypatch):
    moment = [1000.0]
    monkeypatch.setattr(wsgi.time, "monotonic", lambda: moment[0])
    browser.get()
    moment[0] += wsgi.FRESH_SECONDS - 1
    browser.get()
    assert browser.asked == 1
    moment[0] += 2
    assert browser.get().headers["Cache-Status"] == "page-cache; hit; ttl=-1; detail=renewed"
    browser.until(lambda: browser.cache.counts["misses"] == 2)
    assert browser.get().headers["Cache-Status"] == "page-cache; hit"
    assert browser.asked == 2
    moment[0] += wsgi.LAST_COPY_SECONDS + 1
    assert browser.get().headers["Cache-Status"] == "page-cache; fwd=miss; stored"
    assert wsgi.FRESH_SECONDS < wsgi.LAST_COPY_SECONDS <= 60


class News:
    """A change that a browser's page cache has just seen, while Django takes as long as the test wants."""

    def __init__(self, browser: Browser) -> None:
        self.browser, self.go_on = browser, threading.Event()
        browser.application.before = lambda: self.go_on.wait(5)
        browser.application.body = b"new"
        browser.cache._watcher.adopted_at = time.monotonic()
        browser.adopt("another")

    def end(self) -> None:
        """Let Django answer, and wait until nothing is being rendered."""
        self.go_on.set()
        self.browser.until(lambda: not self.browser.cache._flights._under_way)


def test_just_after_a_change_pages_are_rendered_behind_everybody(browser):
    last = browser.get()
    news = News(browser)
    during = [browser.get(HTTP_USER_AGENT="a visitor's own words") for _ in range(3)]
    assert [answer.body for answer in during] == [last.body] * 3
    statuses = [answer.headers["Cache-Status"] for answer in during]
    assert statuses == ["page-cache; hit; ttl=-1; detail=renewed", *["page-cache; hit; ttl=-1"] * 2]
    news.end()
    assert browser.get().body.startswith(b"new")
    assert b"a visitor's own words" not in browser.get().body
    assert browser.asked == 2
    assert dict(browser.cache.counts) == {"hits": 2, "old": 3, "misses": 2, "refusals": 0, "passed": 0}


def test_later_whoever_asks_sees_the_change(browser):
    browser.get()
    news = News(browser)
    browser.cache._watcher.adopted_at -= wsgi.RENEWED_WITHIN_SECONDS
    news.go_on.set()
    assert browser.get().body.startswith(b"new")


def test_more_pages_than_can_be_rendered_soon_are_rendered_by_those_who_ask(browser):
    paths = [f"/{number}/" for number in range(renewals.MOST_WAITING + 2)]
    for path in paths:
        browser.get(path)
    news = News(browser)
    browser.get(paths[0])
    browser.until(lambda: browser.cache._renewals._waiting.empty())  # the first is being rendered
    for path in paths[1:-1]:
        assert "renewed" in browser.get(path).headers["Cache-Status"]
    browser.application.before = lambda: None
    assert browser.get(paths[-1]).headers["Cache-Status"] == "page-cache; fwd=miss; stored"
    news.end()
    assert browser.asked == 2 * len(paths)


def test_what_is_found_to_be_public_no_longer_is_forgotten_behind_the_readers_too(browser):
    browser.get()
    news = News(browser)
    browser.application.status = "302 Found"
    browser.get()
    news.end()
    assert browser.get().status == "302 Found"
    assert browser.cache.memory == 0


def test_a_rendering_behind_the_readers_that_fails_is_logged_and_handed_on(browser, caplog):
    def fail() -> None:
        raise RuntimeError("no answer")

    browser.get()
    news = News(browser)
    browser.application.before = fail
    browser.get()
    news.end()
    browser.until(lambda: [record.name for record in caplog.records] == ["core.page_cache.renewals"])
    browser.application.before = lambda: None
    browser.get()
    browser.until(lambda: browser.cache.counts["misses"] == 2)
    assert browser.get().body.startswith(b"new")


class Crowd:
    """Visitors who come at once, while the rendering takes as long as the test wants."""

    def __init__(self, browser: Browser, count: int) -> None:
        self.browser, self.answers = browser, []
        self.rendering, self.go_on = threading.Event(), threading.Event()
        browser.application.before = self._render
        self.threads = [threading.Thread(target=self._visit) for _ in range(count)]
        self.threads[0].start()
        assert self.rendering.wait(5)
        for thread in self.threads[1:]:
            thread.start()

    def _render(self) -> None:
        self.rendering.set()
        assert self.go_on.wait(5)

    def _visit(self) -> None:
        self.answers.append(self.browser.get())

    def end(self) -> None:
        self.go_on.set()
        for thread in self.threads:
            thread.join(5)


def test_of_many_at_once_one_has_the_page_made_and_all_get_it(browser):
    crowd = Crowd(browser, 20)
    time.sleep(0.05)
    assert crowd.answers == []
    crowd.end()
    assert len(crowd.answers) == 20
    assert {answer.body for answer in crowd.answers} == {crowd.answers[0].body}
    assert browser.asked == 1


def test_while_a_page_is_made_anew_others_get_the_last_copy(browser):
    last = browser.get()
    browser.adopt("another")
    browser.application.body = b"new"
    crowd = Crowd(browser, 5)
    deadline = time.monotonic() + 5
    while len(crowd.answers) < 4 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [answer.body for answer in crowd.answers] == [last.body] * 4
    crowd.end()
    assert browser.asked == 2
    assert browser.get().body.startswith(b"new")
    assert browser.cache.counts["old"] == 4


def test_but_not_for_long(browser, monkeypatch):
    monkeypatch.setattr(wsgi, "OLD_FOR_SECONDS", 0.0)
    browser.get()
    browser.adopt("another")
    crowd = Crowd(browser, 3)
    time.sleep(0.05)
    assert crowd.answers == []
    crowd.end()
    assert browser.asked == 2


def test_who_waited_for_what_may_not_be_kept_asks_alone(browser):
    browser.application.headers = [("Cache-Control", "private")]
    crowd = Crowd(browser, 3)
    crowd.end()
    assert browser.asked == 3
    assert len(crowd.answers) == 3


def test_who_waits_too_long_asks_too(browser, monkeypatch):
    monkeypatch.setattr(wsgi, "WAIT_SECONDS", 0.05)
    crowd = Crowd(browser, 2)
    deadline = time.monotonic() + 5
    while browser.asked < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    crowd.end()
    assert browser.asked == 2
    assert [answer.status for answer in crowd.answers] == ["200 OK"] * 2


def test_a_rendering_that_fails_hands_the_address_on(browser):
    def fail() -> None:
        raise RuntimeError("no answer")

    browser.application.before = fail
    with pytest.raises(RuntimeError):
        browser.get()
    browser.application.before = lambda: None
    assert browser.get().status == "200 OK"


def test_what_happened_is_logged_now_and_then(browser, caplog, monkeypatch):
    caplog.set_level("INFO", "core.page_cache.wsgi")
    browser.get()
    assert not caplog.records
    monkeypatch.setattr(browser.cache, "_logs_at", 0.0)
    browser.get()
    browser.get("/other/")
    browser.get("/another/")
    assert [(record.hits, record.misses) for record in caplog.records] == [(1, 2)]


# --- Views -------------------------------------------------------------------------------------------


def test_a_public_view_states_its_arguments():
    view = public.public("p")(lambda request: arguments(request))
    request = SimpleNamespace(META={})

    def arguments(request: Any) -> frozenset[str]:
        return public.arguments_used(request.META)

    assert view(request) == {"p"}
    assert public.is_public(view) and not public.is_public(arguments)
    assert {"page", "category", "from"} <= public.all_arguments()
