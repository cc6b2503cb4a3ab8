"""One rendering at a time for each address: the first to ask does it, whoever comes meanwhile may wait for it."""

import threading
import time
from dataclasses import dataclass, field

from core.page_cache.store import Kept, Key


@dataclass
class Flight:
    """A rendering under way.

    Attributes:
        began: when, by `time.monotonic`.
        kept: what came of it once it has landed; None when that is not to be kept.
    """

    began: float = field(default_factory=time.monotonic)
    landed: threading.Event = field(default_factory=threading.Event)
    kept: Kept | None = None


class Flights:
    """The renderings under way in this process."""

    def __init__(self) -> None:
        self._under_way: dict[Key, Flight] = {}
        self._lock = threading.Lock()

    def board(self, key: Key) -> tuple[Flight, bool]:
        """Give the rendering that is under way, or begin one: then the second value is True, and it must `land`."""
        with self._lock:
            flight = self._under_way.get(key)
            if flight is not None:
                return flight, False
            flight = self._under_way[key] = Flight()
            return flight, True

    def land(self, key: Key, flight: Flight) -> None:
        """End one's rendering, whatever came of it."""
        with self._lock:
            self._under_way.pop(key, None)
        flight.landed.set()
