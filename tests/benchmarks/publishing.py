"""What readers notice of an editor who publishes: `python -m tests.benchmarks.publishing`.

Two web processes and two workers, as in production, on a SQLite file or with `--database` on PostgreSQL. Readers ask
for the home page, lists, feeds, the site map and articles, each again as soon as it is answered, first for themselves
and then while an editor publishes every five seconds: an article under a new title, or a new one. Prints how long
answers took in both rounds, when the new title stood everywhere, and how often an address was rendered for it. Ends
with code 1 above a limit.
"""

import argparse
import contextlib
import http.client
import selectors
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from tests.benchmarks import load
from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import new_database, removed
from tests.reliability.editing import Editor
from tests.reliability.processes import Site, free_port

ADDRESSES = (
    "/",
    "/news/",
    "/news/feed/",
    "/news/feed.json",
    "/sitemap.xml",
    "/llms.txt",
    "/about/",
    "/news/mezzanine-interview/",
)
# Where the title of a new article stands.
TITLED = ADDRESSES[:4]
LIMIT_MILLISECONDS = 100.0
LIMIT_RIGHT_SECONDS = 5.0
# Once by each web process.
LIMIT_RENDERS = 2


class Reader(load.Connection):
    """One who reads all addresses in turn."""

    def __init__(self, port: int, first: int) -> None:
        turn = [*ADDRESSES[first:], *ADDRESSES[:first]]
        self.requests = cycle([(address, load.request_for(port, address, Accept_Encoding="br")) for address in turn])
        super().__init__(port, b"")

    def send(self) -> None:
        self.address, self.request = next(self.requests)
        super().send()

    @property
    def head(self) -> str:
        return bytes(self.received).partition(load.END_OF_HEADERS)[0].decode().lower()


class Readers:
    """Readers in a thread of their own for the length of a `with` block.

    Attributes:
        waits: of each answer, in seconds.
        renders: how often each address was rendered, since whoever watches cleared it.
    """

    def __init__(self, port: int, count: int) -> None:
        self.port, self.count = port, count
        self.waits: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.renders: Counter[str] = Counter()
        self._over = threading.Event()

    def __enter__(self) -> "Readers":
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def line(self) -> str:
        p50, p99 = (self.percentile(number) for number in (50, 99))
        slowest = max(self.waits) * 1000
        return f"{len(self.waits):6} answers, p50 {p50:5.1f} ms, p99 {p99:5.1f} ms, slowest {slowest:.0f} ms"

    def percentile(self, number: int) -> float:
        """In milliseconds."""
        return statistics.quantiles(self.waits, n=100)[number - 1] * 1000

    def _read(self) -> None:
        with selectors.DefaultSelector() as selector:
            for number in range(self.count):
                self._come(selector, number)
            while not self._over.is_set():
                for event, _ in selector.select(timeout=1):
                    self._receive(event.data, selector)

            for key in list(selector.get_map().values()):
                key.data.socket.close()

    def _come(self, selector: selectors.BaseSelector, number: int) -> None:
        reader = Reader(self.port, number % len(ADDRESSES))
        selector.register(reader.socket, selectors.EVENT_READ, reader)

    def _receive(self, reader: Reader, selector: selectors.BaseSelector) -> None:
        if status := reader.receive():
            self.waits.append(time.perf_counter() - reader.sent_at)
            self.statuses[status] += 1
            self.renders[reader.address] += "stored" in reader.head or "renewed" in reader.head
            if "connection: close" in reader.head:  # the process has answered its share and is replaced
                selector.unregister(reader.socket)
                reader.socket.close()
                self._come(selector, len(self.waits))
            else:
                reader.send()


def seconds_until_right(site: Site, title: str) -> float:
    """Wait until a title stands in all lists, asked often enough that both processes have answered."""
    began = right_at = time.monotonic()
    seen: Counter[str] = Counter()
    while (
        min((seen[address] for address in TITLED), default=0) < 8 and time.monotonic() - began < 4 * LIMIT_RIGHT_SECONDS
    ):
        for address in TITLED:
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
            connection.request("GET", address)
            is_right = title in connection.getresponse().read().decode()
            connection.close()
            if is_right:
                seen[address] += 1
            else:
                seen[address], right_at = 0, time.monotonic()
        time.sleep(0.02)
    return right_at - began if min(seen[address] for address in TITLED) >= 8 else float("inf")


@contextlib.contextmanager
def running_site(database_url: str) -> Iterator[Site]:
    """A site with the starting content, two web processes and two workers."""
    with tempfile.TemporaryDirectory(prefix="publishing-benchmark-") as folder, Sandbox(double_optin=True) as mailchimp:
        database = new_database(f"publishing_{free_port()}", Path(folder), database_url)
        site = Site(database, Path(folder), mailchimp, WEB_CONCURRENCY="2", LOG_LEVEL="WARNING")
        try:
            site.manage("migrate", "--no-input", "--verbosity", "0")
            site.manage("load_content")
            site.manage("collectstatic", "--no-input", "--verbosity", "0")
            site.start_web()
            for _ in range(2):
                site.start_worker()
            yield site
        finally:
            site.end_all()
            removed(database)


def publish_now_and_then(site: Site, readers: Readers, times: int, every: float) -> tuple[list[float], list[int]]:
    """Publish so many times, each so many seconds after the one before.

    Returns:
        For each time the seconds until it was right everywhere, and how often the address was rendered that was
        rendered the most.
    """
    editor = Editor(site.environment)
    rights, renders = [], []
    try:
        editor.does("add", "news", "plums", "Plums 0")
        time.sleep(every)
        for number in range(1, times + 1):
            began = time.monotonic()
            readers.renders.clear()
            title = f"Plums {number:03}"
            editor.does(*(("publish", "plums", title) if number % 3 else ("add", "news", f"plums-{number}", title)))
            rights.append(seconds_until_right(site, title))
            time.sleep(max(0.0, every - (time.monotonic() - began)))
            renders.append(max(readers.renders.values()))
    finally:
        editor.leave()
    return rights, renders


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--database", default="", help="URL of a PostgreSQL database, beside which one is made (default: SQLite)"
    )
    parser.add_argument("--times", type=int, default=12, help="how often the editor publishes (default: %(default)s)")
    parser.add_argument("--readers", type=int, default=16, help="how many at once (default: %(default)s)")
    options = parser.parse_args()
    every = 5.0
    with running_site(options.database) as site:
        with Readers(site.port, options.readers):
            time.sleep(10)  # the workers' first jobs
        with Readers(site.port, options.readers) as alone:
            time.sleep(15)
        with Readers(site.port, options.readers) as readers:
            rights, renders = publish_now_and_then(site, readers, options.times, every)
    slowest = readers.percentile(99)
    print(f"readers alone           {alone.line}, {dict(alone.statuses)}")
    print(
        f"an editor publishing    {readers.line}, {dict(readers.statuses)}, ratio {slowest / alone.percentile(99):.1f}"
    )
    right = f"{statistics.median(rights):.2f} s, at most {max(rights):.2f} s"
    print(f"right everywhere after {right} (limit {LIMIT_RIGHT_SECONDS:.0f})")
    print(f"renders of one address for each publishing: {renders} (limit {LIMIT_RENDERS})")
    held = (
        set(readers.statuses) == {"200"}
        and slowest <= LIMIT_MILLISECONDS
        and max(rights) <= LIMIT_RIGHT_SECONDS
        and max(renders) <= LIMIT_RENDERS
    )
    print(f"p99 limit {LIMIT_MILLISECONDS:.0f} ms: {'held' if held else 'MISSED'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
