"""Everything the stand-in knows, apart from the wire: key, audience, webhooks, batches, faults and log."""

import base64
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import api
from .audience import Audience
from .batches import Batches
from .campaigns import Campaigns
from .faults import Faults
from .messages import Reply, Request, problem_reply
from .problems import Problem
from .webhooks import Webhooks

DEFAULT_KEY = "0123456789abcdef0123456789abcdef-us1"
DEFAULT_AUDIENCE = "a1b2c3d4e5"

#: Simultaneous requests that Mailchimp allows a user, over all keys.
MOST_AT_ONCE = 10
LOG_LENGTH = 50_000


@dataclass
class Record:
    """One request of the log. `status` is None until, or unless, an answer is given; times in seconds."""

    time: datetime
    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int | None = None
    fault: str = ""
    seconds: float = 0.0

    @property
    def shown_path(self) -> str:
        """The path fit for a log: a member's part is shortened, so that it neither holds nor finds an address."""
        parts = self.path.split("/")
        for index, part in enumerate(parts):
            if parts[index - 1] == "members" and index > 0:
                parts[index] = "(address)" if "@" in part else part[:8]
        return "/".join(parts)


class Service:
    """The service behind the HTTP server. Safe for threads."""

    def __init__(
        self,
        *,
        api_key: str = DEFAULT_KEY,
        audience_id: str = DEFAULT_AUDIENCE,
        double_optin: bool = True,
        signing: bool = True,
    ) -> None:
        self.api_key = api_key
        self.site_url = ""
        self.audience = Audience(audience_id, double_optin=double_optin)
        self.webhooks = Webhooks(audience_id, signing=signing)
        self.audience.listeners.append(self.webhooks.report)
        self.batches = Batches(self.perform)
        self.campaigns = Campaigns(self.audience)
        self.faults = Faults()
        self.log: deque[Record] = deque(maxlen=LOG_LENGTH)
        self.errors: list[str] = []
        self.in_progress = 0
        self.peak_concurrency = 0
        self.revision = 0
        self._slots = threading.Lock()

    @property
    def base_url(self) -> str:
        return f"{self.site_url}/3.0"

    def reset(self) -> None:
        """As new: no contacts, hooks, batches, faults, log; the settings given at the start stay."""
        self.faults.clear()
        self.webhooks.clear()
        self.audience.clear()
        self.campaigns.clear()
        self.batches.batches.clear()
        self.log.clear()
        self.peak_concurrency = 0

    def record(self, request: Request) -> Record:
        record = Record(datetime.now(UTC), request.method, request.path, request.query, request.body)
        self.log.append(record)
        return record

    @contextmanager
    def slot(self) -> Iterator["Slot"]:
        """One of the simultaneous requests, from its arrival until its answer is ready to be sent."""
        slot = Slot(self)
        try:
            yield slot
        finally:
            slot.free()

    def enter(self) -> bool:
        """Counts a request in; False when there are too many."""
        with self._slots:
            self.in_progress += 1
            self.peak_concurrency = max(self.peak_concurrency, self.in_progress)
            return self.in_progress <= MOST_AT_ONCE

    def leave(self) -> None:
        with self._slots:
            self.in_progress -= 1

    def answer(self, request: Request) -> Reply:
        """The true answer to an API request from outside: the key is checked, then the work is done."""
        try:
            self._check_key(request.headers.get("authorization", ""))
            if trigger := request.headers.get("x-trigger-error"):
                raise api.triggered(trigger)
        except Problem as problem:
            return problem_reply(problem)
        return self.perform(request)

    def perform(self, request: Request) -> Reply:
        """Does what a request asks, with no question who asks. `revision` tells that something may be new."""
        try:
            return api.dispatch(self, request)
        except Problem as problem:
            return problem_reply(problem)
        finally:
            self.revision += request.method != "GET"

    def _check_key(self, authorization: str) -> None:
        scheme, _, credentials = authorization.partition(" ")
        key = credentials.strip()
        if scheme.lower() == "basic":
            try:
                key = base64.b64decode(key, validate=True).decode().partition(":")[2]
            except ValueError:
                raise Problem("API Key Invalid") from None
        if not key or scheme.lower() not in ("basic", "bearer"):
            raise Problem("API Key Missing")
        if key != self.api_key:
            raise Problem("API Key Invalid")


class Slot:
    """A place among the simultaneous requests; `granted` is False beyond the limit."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._held = True
        self._started = time.monotonic()
        self.granted = service.enter()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def free(self) -> None:
        if self._held:
            self._held = False
            self._service.leave()
