"""How far it is: on a terminal in one line, elsewhere a line now and then."""

import time
from typing import Any

LINE_SECONDS = 10.0
TERMINAL_SECONDS = 0.2


class Meter:
    """Counts bytes and says so now and then."""

    def __init__(self, out: Any) -> None:
        self._out, self._is_terminal = out, out.isatty()
        self._bytes, self._said_at = 0, time.monotonic()
        self.began = self._said_at

    def __call__(self, count: int) -> None:
        """Count some more."""
        self._bytes += count
        now = time.monotonic()
        if now - self._said_at > (TERMINAL_SECONDS if self._is_terminal else LINE_SECONDS):
            self._said_at = now
            self._say(f"{self._bytes / 1e6:,.0f} MB in {self.seconds:.0f} s")

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.began

    def end(self) -> None:
        """Leave the line of the terminal."""
        if self._is_terminal:
            self._out.write("\r\033[K", ending="")

    def _say(self, text: str) -> None:
        self._out.write(f"\r{text}", ending="") if self._is_terminal else self._out.write(text)
        self._out.flush()
