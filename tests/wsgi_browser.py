"""A browser that talks to the whole WSGI application, the page cache included, as gunicorn does."""

import sys
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory

from core.page_cache.wsgi import PageCache


@dataclass(frozen=True)
class Answer:
    """An answer with the attributes that tests ask of Django's own."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


class WsgiBrowser:
    """Asks a page cache with Django behind it. Nothing is kept at first."""

    def __init__(self) -> None:
        self.cache = PageCache(WSGIHandler(), 64 * 1024 * 1024)
        watcher = self.cache._watcher
        watcher.is_running = True  # generations change when a test says so
        watcher.look = lambda: watcher.seen  # ty: ignore[invalid-assignment]

    def get(self, address: str, method: str = "GET", **environ: Any) -> Answer:
        """Ask; keywords are further parts of the WSGI environment."""
        environ = {"HTTP_HOST": "testserver", "wsgi.errors": sys.stderr} | environ
        asked: dict[str, Any] = RequestFactory().generic(method, address, **environ).environ
        said: list[Any] = []
        # As Django's own client does: the tests' connection outlives each request.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            body = b"".join(self.cache(asked, lambda status, headers, *_: said.extend((status, headers))))
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        return Answer(int(said[0][:3]), dict(said[1]), body)

    def make_new_generation(self) -> None:
        """As the watcher does when it has seen a change and adopted it."""
        self.cache._watcher.seen += "x"
        self.cache._watcher.token = self.cache._watcher.seen
