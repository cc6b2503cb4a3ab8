"""Readers who hammer a running site, and what they saw."""

import http.client
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType

# Between two requests of a reader: two cores run the site, the readers and the tests.
PAUSE = 0.004
REFERENCE = "/search/?q=leadership"


@dataclass
class Readers:
    """Readers of some addresses at some servers, each with a kept connection, for the length of a `with` block.

    `host` is what they call the site, whichever port they come by.
    """

    host: str
    ports: tuple[int, ...]
    addresses: tuple[str, ...]
    waits: list[float] = field(default_factory=list)
    reference_waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    # How often each address was rendered, since `forget`.
    renders: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Readers":
        self._threads = [threading.Thread(target=self._read, args=(port,)) for port in self.ports for _ in range(2)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(60)

    def forget(self) -> None:
        """Begin to count anew how often each address is rendered."""
        with self._lock:
            self.renders.clear()

    def p99(self) -> float:
        """The wait, in seconds, that 99 in 100 answers did not reach."""
        return sorted(self.waits)[int(len(self.waits) * 0.99)]

    def p99_of_reference(self) -> float:
        """The same for a page that is never kept, read in turn with the others."""
        return sorted(self.reference_waits)[int(len(self.reference_waits) * 0.99)]

    def _read(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while not self._over.is_set():
            for address in (*self.addresses, REFERENCE):
                try:
                    self._ask(connection, address)
                except (OSError, http.client.HTTPException) as error:
                    self.failures.append(f"{address}: {type(error).__name__}")
                    connection.close()
                time.sleep(PAUSE)
        connection.close()

    def _ask(self, connection: http.client.HTTPConnection, address: str) -> None:
        began = time.perf_counter()
        connection.request("GET", address, headers={"Host": self.host, "Accept-Encoding": "br"})
        answer = connection.getresponse()
        answer.read()
        took = time.perf_counter() - began
        with self._lock:
            (self.reference_waits if address == REFERENCE else self.waits).append(took)
            self.statuses[answer.status] += 1
            if re.search("stored|renewed", answer.getheader("Cache-Status") or ""):
                self.renders[address] += 1
