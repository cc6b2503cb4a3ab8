"""A limit on the whole time of a call, which libraries' own limits are not: these count each gap between two bytes."""

import contextlib
import socket
import threading
from types import TracebackType


class Deadline:
    """A time limit that cuts the watched connections when it is over, whatever they are doing.

    A second descriptor of each socket is kept, because TLS takes the first one away while it shakes hands;
    shutting down either ends the connection.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._expire)
        self._timer.daemon = True

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for watched in self._sockets:
                watched.close()
            self._sockets.clear()

    def watch(self, connection: socket.socket) -> None:
        """Cut this connection when the time is over."""
        with self._lock:
            self._sockets.append(connection.dup())
        if self.is_over:
            self._expire()

    def _expire(self) -> None:
        with self._lock:
            self.is_over = True
            for watched in self._sockets:
                with contextlib.suppress(OSError):
                    watched.shutdown(socket.SHUT_RDWR)
