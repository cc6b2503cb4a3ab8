"""Pages that are rendered anew behind their readers, who meanwhile get the last copy."""

import logging
import queue
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)

# How many may wait. More, and the last would be rendered later than by whoever asks for it.
MOST_WAITING = 8


class Renewals:
    """Renders one page after another in a thread of its own, so that kept pages are answered in the meantime."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[Callable[[], object]] = queue.Queue(MOST_WAITING)
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def take(self, render: Callable[[], object]) -> bool:
        """Have a page rendered soon. Returns False when there is too much to do: then render it yourself."""
        try:
            self._waiting.put_nowait(render)
        except queue.Full:
            return False
        self._start()
        return True

    def _start(self) -> None:
        """Begin with the first page, because threads do not outlive a fork."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="page-cache-renewals", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            render = self._waiting.get()
            try:
                render()
            except Exception:  # whoever asks next sees the same, with an answer
                logger.exception("could not render a page anew")
