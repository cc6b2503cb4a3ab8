"""mailchimp-marketing's HTTP client with limits: total time, size, no redirects.

The library's own time limit counts each gap between two bytes, so a dripping answer would hold a worker for
ever; it also follows redirects (a PUT becomes a GET that "succeeds") and reads bodies of any size.
"""

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import requests
from mailchimp_marketing.api_client import ApiClient
from requests.adapters import HTTPAdapter

from core.deadlines import Deadline
from core.networks import is_on_this_machine

TOTAL_SECONDS = 15.0
CONNECT_SECONDS = 3.05
MAX_BYTES = 1_000_000


class AnswerTooLarge(requests.RequestException):
    """The answer is longer than any answer of Mailchimp should be."""


class _WatchedAdapter(HTTPAdapter):
    """Makes connections that a deadline can cut."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _watched(pool.ConnectionCls, self.deadline)
        return pool


def _watched(base: Any, deadline: Deadline) -> type:
    class WatchedConnection(base):
        def _new_conn(self) -> socket.socket:
            connection = super()._new_conn()
            deadline.watch(connection)
            return connection

    return WatchedConnection


class BoundedClient(ApiClient):
    """The library's client with a limit on the time and the size of each call.

    Args:
        host: address of the API up to and including `/3.0`.
        api_key: sent as the password of HTTP Basic authentication.
        total_seconds: limit on a whole call, from connecting to the last byte (the name look-up apart).
    """

    def __init__(self, host: str, api_key: str, total_seconds: float = TOTAL_SECONDS) -> None:
        # An empty `server` keeps the library from replacing the word "server" anywhere in an address.
        super().__init__({"api_key": api_key, "server": ""})
        self.host = host
        self.total_seconds = total_seconds
        self.max_bytes = MAX_BYTES
        self._ends = float("inf")

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Limit the calls made in a `with` block to so many seconds together, each to its own limit still."""
        self._ends = time.monotonic() + seconds
        try:
            yield
        finally:
            self._ends = float("inf")

    @contextlib.contextmanager
    def long_answers(self, max_bytes: int) -> Iterator[None]:
        """Accept answers of so many bytes in a `with` block."""
        self.max_bytes = max_bytes
        try:
            yield
        finally:
            self.max_bytes = MAX_BYTES

    def request(
        self, method: str, url: str, query_params: Any = None, headers: Any = None, body: Any = None
    ) -> requests.Response:
        """Make one call, as the library's method of the same name does, within the limits.

        Raises:
            requests.RequestException: no answer, or one outside the limits.
            TypeError: `body` cannot be written as JSON.
        """
        seconds = min(self.total_seconds, self._ends - time.monotonic())
        if seconds <= 0:
            raise requests.Timeout("total time limit")
        with Deadline(seconds) as deadline, requests.Session() as session:
            session.trust_env = not is_on_this_machine(url)  # a proxy cannot reach our loopback
            session.mount("https://", _WatchedAdapter(deadline))
            session.mount("http://", _WatchedAdapter(deadline))
            try:
                response = session.request(
                    method,
                    url,
                    params=query_params,
                    headers=headers,
                    data=None if body is None else json.dumps(body),
                    auth=("user", self.api_key),
                    timeout=(min(CONNECT_SECONDS, seconds), seconds),
                    allow_redirects=False,
                    stream=True,
                )
                response._content = _read(response, self.max_bytes)
            except requests.RequestException as error:
                if deadline.is_over:
                    raise requests.Timeout("total time limit") from error
                raise
            if deadline.is_over:  # cut in the middle of a body of unknown length, which looks like its end
                raise requests.Timeout("total time limit")
            return response


def _read(response: requests.Response, max_bytes: int) -> bytes:
    """Read a body up to the limit."""
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > max_bytes:
            raise AnswerTooLarge
    return bytes(body)
