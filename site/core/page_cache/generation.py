"""The generation: a token that changes whenever something public has changed. What was kept before is kept no longer.

It stands in a file in DATA_DIR, for the processes of this machine, and in Redis, where there is one, for those of
others. Tokens are random, so that neither an emptied Redis nor a restored data folder brings an old one back.
"""

import logging
import math
import secrets
import threading
import time
from pathlib import Path

from django.conf import settings
from django_redis import get_redis_connection
from redis import RedisError

logger = logging.getLogger(__name__)

FILE = "page-cache-generation"
REDIS_KEY = "page-cache-generation"
# How often a process looks. An editor's action is often several changes within a moment: they are one when a look
# finds the same as the look before.
LOOK_SECONDS = 0.5
SETTLE_SECONDS = 0.4
SETTLE_LOOKS = 4


def advance() -> None:
    """Make a new generation. What the change was must be committed by now.

    Without Redis the other machines show what they have for as long as a page is kept, a minute.
    """
    token = secrets.token_hex(8)
    _write(Path(settings.DATA_DIR) / FILE, token)
    if settings.REDIS_URL:
        try:
            get_redis_connection().set(REDIS_KEY, token)
        except RedisError as error:
            logger.warning(
                "Redis was not told that pages changed: other machines show old ones for up to a minute",
                extra={"error": type(error).__name__},
            )


def _write(path: Path, token: str) -> None:
    """Replace the file whole: a reader never finds half of it."""
    new = path.with_name(f"{path.name}.{token}")
    new.write_text(token)
    new.replace(path)


class Watcher:
    """Knows the generation as this process last saw it, by looking from a thread of its own.

    `token` may be a little old. That is safe: what is kept under it counts as old once a new one is adopted, as it is
    when an editor's changes have come to an end. `adopted_at` is when that was, by `time.monotonic`. `seen` is the one
    that was there at the last look, adopted or not yet.
    """

    def __init__(self) -> None:
        self.token = self.seen = ""
        self.adopted_at = -math.inf
        self.is_running = False
        self._starting = threading.Lock()
        self._from_redis = ""

    def start(self) -> None:
        """Look, and go on looking. Called with the first request, because threads do not outlive a fork."""
        with self._starting:
            if self.is_running:
                return
            self.token = self.look()
            threading.Thread(target=self._watch, name="page-cache-watcher", daemon=True).start()
            self.is_running = True

    def look(self) -> str:
        """Read the generation as it is now. While Redis is away its part is what it was."""
        try:
            from_file = (Path(settings.DATA_DIR) / FILE).read_text()
        except OSError:  # nothing has changed yet
            from_file = ""
        if settings.REDIS_URL:
            try:
                self._from_redis = str(get_redis_connection().get(REDIS_KEY))
            except RedisError:
                logger.debug("Redis does not tell the generation")
        self.seen = f"{from_file} {self._from_redis}"
        return self.seen

    def is_current(self, generation: str) -> bool:
        """Whether what was rendered in a generation, read before, is what there is to show."""
        return generation in (self.token, self.seen)

    def _watch(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_SECONDS):
            try:
                self._adopt(pause)
            except Exception:  # whatever happens, go on: pages would stay as they are for a minute each
                logger.exception("could not look for a new generation of pages")

    def _adopt(self, pause: threading.Event) -> None:
        seen = self.look()
        if seen == self.token:
            return
        for _ in range(SETTLE_LOOKS):
            before, _waited = seen, pause.wait(SETTLE_SECONDS)
            seen = self.look()
            if seen == before:
                break
        self.adopted_at = time.monotonic()
        self.token = seen
