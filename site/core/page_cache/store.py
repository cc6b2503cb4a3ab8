"""Memory for answers, bounded in bytes: what was not asked for the longest goes first."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from core.page_cache.answers import Representation, size_of

Key = tuple[str, str, str]

# An answer that would take more than this part of the memory is not kept.
LARGEST_PART = 8


@dataclass(frozen=True)
class Kept:
    """An answer as it is kept.

    Attributes:
        generation: as it was before the answer was made.
        made_at: when, by `time.monotonic`.
    """

    representations: dict[str, Representation]
    generation: str
    made_at: float
    size: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", size_of(self.representations))


class Store:
    """Answers by the host, path and arguments that they were given for."""

    def __init__(self, limit: int) -> None:
        """Make an empty one.

        Args:
            limit: bytes, of bodies and a rough allowance for the rest.
        """
        self.limit = limit
        self.bytes = 0
        self._entries: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Kept | None:
        """What is kept under a key, now the last to go."""
        try:  # each of the two is one step for other threads; nobody waits for a lock here
            self._entries.move_to_end(key)
            return self._entries[key]
        except KeyError:
            return None

    def put(self, key: Key, kept: Kept) -> bool:
        """Keep an answer. Returns False when it is too large."""
        if kept.size > self.limit // LARGEST_PART:
            self.drop(key)
            return False
        with self._lock:
            self._remove(key)
            self._entries[key] = kept
            self.bytes += kept.size
            while self.bytes > self.limit:
                _, oldest = self._entries.popitem(last=False)
                self.bytes -= oldest.size
        return True

    def drop(self, key: Key) -> None:
        """Forget what is kept under a key."""
        with self._lock:
            self._remove(key)

    def _remove(self, key: Key) -> None:
        if (old := self._entries.pop(key, None)) is not None:
            self.bytes -= old.size
