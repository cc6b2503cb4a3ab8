"""Redis stopped, frozen or emptied while the site runs: pages and the form go on as if nothing had happened."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import POSTGRES
from tests.reliability.processes import OF_DATABASE, Site, end_with_parent, free_port, until

# Whatever the database: once is enough.
pytestmark = [*OF_DATABASE, pytest.mark.needs("redis"), pytest.mark.skipif(bool(POSTGRES), reason="runs with SQLite")]

SLOWEST = 2.0
# The search is never answered from the page cache's memory.
SEARCH = "/search/?q=leadership"
PAGES = ("/", "/newsletter/", "/newsletter/thank-you/", "/news/", "/sitemap.xml", SEARCH)


class Redis:
    """A Redis of our own that keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            ["redis-server", *options, "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=end_with_parent,
        )
        until(lambda: self.ask("PING") == b"+PONG\r\n", 10, "Redis's answer")

    def ask(self, command: str) -> bytes:
        """Send one command and give the first bytes of the answer; empty when it is away."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(100)
        return b""

    def keys(self) -> int:
        return int(self.ask("DBSIZE").strip().lstrip(b":") or 0)

    def freeze(self) -> None:
        """It keeps its connections and answers nothing."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def site(new_site: Callable[..., Site], redis: Redis) -> Iterator[Site]:
    """A site with its starting content, a web server and a worker, which keeps things in Redis."""
    with Sandbox(double_optin=True) as mailchimp:
        made = new_site(mailchimp, REDIS_URL=redis.url, WEB_CONCURRENCY="1")
        made.manage("load_content")
        made.start_web()
        made.start_worker()
        yield made
        made.end_all()


def assert_all_goes_on(site: Site, word: str) -> None:
    """Every page and a sign-up: no error, no long wait, and Mailchimp gets it."""
    answers = {path: site.get(path) for path in PAGES}
    answers["form"] = site.sign_up(f"{word}@example.org", first_name="Ada")
    print(word, {what: f"{answer.status} in {answer.seconds:.2f} s" for what, answer in answers.items()})
    assert {answer.status for what, answer in answers.items() if what != "form"} == {200}
    assert answers["form"].status == 303
    assert [what for what, answer in answers.items() if answer.seconds > SLOWEST] == []
    assert f"{word}@example.org" in site.subscribers()


def assert_is_used(site: Site, redis: Redis) -> None:
    """The site keeps things in Redis now; after it was away that may take a moment."""

    def kept() -> bool:
        assert site.get(SEARCH).status == 200
        return redis.keys() > 0

    assert redis.ask("FLUSHALL") == b"+OK\r\n"
    until(kept, 20, "the use of Redis")


def assert_delivered(site: Site, word: str) -> None:
    until(lambda: site.open_entries() == 0, 40, "the delivery")
    assert site.mailchimp.confirmation_mails(f"{word}@example.org") == 1


def test_it_is_used(site: Site, redis: Redis) -> None:
    assert_is_used(site, redis)
    assert_all_goes_on(site, "before")
    assert_delivered(site, "before")


def test_emptied(site: Site, redis: Redis) -> None:
    assert_is_used(site, redis)
    assert redis.ask("FLUSHALL") == b"+OK\r\n"
    assert_all_goes_on(site, "emptied")
    assert_delivered(site, "emptied")


def test_stopped_and_back_empty(site: Site, redis: Redis) -> None:
    redis.stop()
    assert_all_goes_on(site, "stopped")
    assert_delivered(site, "stopped")
    redis.start()
    assert_all_goes_on(site, "back")
    assert_delivered(site, "back")
    assert_is_used(site, redis)


def test_frozen(site: Site, redis: Redis) -> None:
    assert_is_used(site, redis)
    redis.freeze()
    try:
        assert_all_goes_on(site, "frozen")
        assert_delivered(site, "frozen")
    finally:
        redis.thaw()
