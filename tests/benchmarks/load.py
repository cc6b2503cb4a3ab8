"""A small load client for benchmarks: many kept connections, one request at a time on each, in one process."""

import selectors
import socket
import time
from dataclasses import dataclass, field

END_OF_HEADERS = b"\r\n\r\n"


@dataclass
class Load:
    """What came of a round.

    Attributes:
        seconds: how long it lasted.
        waits: of each answer, from the sending of its request, in seconds.
        statuses: how often each status was answered.
    """

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        return len(self.waits) / self.seconds


class Connection:
    """One visitor who asks for the same thing again as soon as it is answered."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.request = request
        self.send()

    def send(self) -> None:
        """Ask (again)."""
        self.received, self.length = bytearray(), -1
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.request)

    def receive(self) -> str | None:
        """Read what has come; the status once the answer is whole.

        Raises:
            ConnectionError: the server closed the connection.
        """
        part = self.socket.recv(262_144)
        if not part:
            raise ConnectionError("the server closed a connection that was to be kept")
        self.received += part
        if self.length < 0 and (end := self.received.find(END_OF_HEADERS)) >= 0:
            head = bytes(self.received[:end]).lower()
            found = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
            self.length = end + len(END_OF_HEADERS) + int(found or 0)
        return self.received[9:12].decode() if 0 <= self.length <= len(self.received) else None


def request_for(port: int, path: str = "/", **headers: str) -> bytes:
    """The bytes of a GET as a browser sends it."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def run(port: int, request: bytes, seconds: float, connections: int) -> Load:
    """Load a server for a while."""
    load = Load()
    with selectors.DefaultSelector() as selector:
        visitors = [Connection(port, request) for _ in range(connections)]
        for visitor in visitors:
            selector.register(visitor.socket, selectors.EVENT_READ, visitor)
        began = time.perf_counter()
        while (now := time.perf_counter()) - began < seconds:
            for event, _ in selector.select(timeout=1):
                if status := event.data.receive():
                    load.waits.append(time.perf_counter() - event.data.sent_at)
                    load.statuses[status] = load.statuses.get(status, 0) + 1
                    event.data.send()
        load.seconds = now - began
        for visitor in visitors:
            visitor.socket.close()
    return load
