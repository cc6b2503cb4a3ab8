"""Applications for test_web_worker: gunicorn loads `quick`, which can answer at once, and `plain`, which can't."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

BIG = b"x" * 20_000_000


def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """What was asked, and the thread that says so in a header; a path may ask for more (see below)."""
    path = environ["PATH_INFO"]
    if path == "/slow/":
        time.sleep(5)
    sent = environ["wsgi.input"].read().decode("latin-1")
    words = {name: value for name, value in environ.items() if name.startswith("HTTP_") and isinstance(value, str)}
    asked = [environ["REQUEST_METHOD"], path, environ["QUERY_STRING"], environ["REMOTE_ADDR"], sent, words]
    body = BIG if path == "/big/" else json.dumps(asked).encode()
    headers = [("Content-Type", "text/plain"), ("X-Thread", threading.current_thread().name)]
    if path != "/unmeasured/":
        headers.append(("Content-Length", str(len(body))))
    if environ.get("HTTP_IF_NONE_MATCH"):
        start_response("304 Not Modified", headers)
        return []
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def plain(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    return answer(environ, start_response)


class Quick:
    """Answers all at once but what takes long."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        return answer(environ, start_response)

    def at_once(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes] | None:
        if environ["PATH_INFO"] == "/broken/":
            raise RuntimeError("at once")
        return None if environ["PATH_INFO"] == "/slow/" else answer(environ, start_response)


quick = Quick()
