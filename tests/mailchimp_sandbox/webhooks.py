"""Webhooks: registration, delivery in order of time, and repetition."""

import heapq
import itertools
import secrets
import threading
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from . import problems
from .contact import Contact
from .problems import Problem
from .webhook_events import EVENTS, SOURCES, Delivery, Webhook, call, event_fields, is_loopback, signature

#: Waits before each repetition of a failed delivery, in seconds: together 75 minutes.
RETRY_WAITS = (10, 30, 60, 180, 420, 900, 1200, 1700)


class Webhooks:
    """The audience's hooks and one thread that delivers to them, in order of their time."""

    def __init__(self, list_id: str, *, signing: bool = True) -> None:
        self.list_id = list_id
        self.signing = signing
        self.retry_waits: tuple[float, ...] = RETRY_WAITS
        self.losing = False
        self.hooks: dict[str, Webhook] = {}
        self.deliveries: list[Delivery] = []
        self.lost = 0
        self._queue: list[tuple[float, int, Delivery]] = []
        self._numbers = itertools.count()
        self._busy = 0
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    # Registration

    def create(self, body: Any, *, check: bool = True) -> dict[str, Any]:
        """Registers a receiver, after a GET of its address. Only this answer holds `signing_secret`."""
        if not isinstance(body, dict) or not isinstance(body.get("url"), str):
            raise problems.invalid_fields(("url", "This value should not be blank."))
        url = body["url"]
        self._check_url(url, check)
        hook = Webhook(
            secrets.token_hex(5),
            url,
            _flags("events", body, EVENTS),
            _flags("sources", body, SOURCES),
            secrets.token_urlsafe(32) if self.signing else "",
        )
        self.hooks[hook.id] = hook
        document = hook.document(self.list_id)
        return document | {"signing_secret": hook.signing_secret} if hook.signing_secret else document

    def _check_url(self, url: str, check: bool) -> None:
        if any(hook.url == url for hook in self.hooks.values()):
            raise Problem("Invalid Resource", "Sorry, you can't set up multiple WebHooks for one URL")
        if urlsplit(url).scheme not in ("http", "https") or not is_loopback(url):
            raise problems.invalid_fields(
                ("url", "This stand-in for Mailchimp only calls addresses on its own machine.")
            )
        status = call(url) if check else 200
        if status is None or not 200 <= status < 300:
            raise problems.invalid_fields(
                ("url", f"We couldn't verify the URL: a GET must answer 2xx (got {status or 'no answer'}).")
            )

    def get(self, hook_id: str) -> Webhook:
        if hook_id not in self.hooks:
            raise Problem("Resource Not Found")
        return self.hooks[hook_id]

    def update(self, hook_id: str, body: Any) -> Webhook:
        hook = self.get(hook_id)
        if not isinstance(body, dict):
            raise problems.invalid_fields(("", "Schema describes object"))
        if body.get("url", hook.url) != hook.url:
            self._check_url(body["url"], check=True)
            hook.url = body["url"]
        hook.events |= _flags("events", body, EVENTS) if "events" in body else {}
        hook.sources |= _flags("sources", body, SOURCES) if "sources" in body else {}
        hook.enabled = True
        return hook

    def delete(self, hook_id: str) -> None:
        del self.hooks[self.get(hook_id).id]

    # Delivery

    def report(self, event: str, source: str, contact: Contact, extra: dict[str, str]) -> None:
        """Listener of the audience: queues the event for every hook that wants it."""
        for hook in list(self.hooks.values()):
            if hook.wants(event, source):
                fields = event_fields(event, contact, self.list_id, extra)
                self.send(Delivery(hook, event, urlencode(fields).encode()))

    def send(self, delivery: Delivery) -> None:
        if self.losing:
            self.lost += 1
            return
        self.deliveries.append(delivery)
        self._schedule(delivery, 0)

    def _schedule(self, delivery: Delivery, wait: float) -> None:
        with self._changed:
            heapq.heappush(self._queue, (time.monotonic() + wait, next(self._numbers), delivery))
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _run(self) -> None:
        while (delivery := self._next()) is not None:
            try:
                self._attempt(delivery)
            finally:
                with self._changed:
                    self._busy -= 1
                    self._changed.notify_all()

    def _next(self) -> Delivery | None:
        with self._changed:
            while not self._closed:
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._queue)[2]
                self._changed.wait(wait)
        return None

    def _attempt(self, delivery: Delivery) -> None:
        hook = delivery.hook
        if not hook.enabled or hook.id not in self.hooks:
            return
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if hook.signing_secret:
            headers["X-Mailchimp-Signature"] = signature(hook.signing_secret, delivery.body)
        status = call(hook.url, delivery.body, headers)
        delivery.statuses.append(status)
        if status == 410:
            hook.enabled = False
        elif not delivery.delivered and len(delivery.statuses) <= len(self.retry_waits):
            self._schedule(delivery, self.retry_waits[len(delivery.statuses) - 1])

    def wait(self, timeout: float = 5) -> bool:
        """Waits until nothing is due or under way; deliveries put off for later do not count."""
        with self._changed:
            return self._changed.wait_for(self._idle, timeout)

    def _idle(self) -> bool:
        due = bool(self._queue) and self._queue[0][0] <= time.monotonic()
        return not self._busy and not due

    def clear(self) -> None:
        with self._changed:
            self.hooks.clear()
            self.deliveries.clear()
            self._queue.clear()
            self.lost = 0

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _flags(name: str, body: dict[str, Any], known: tuple[str, ...]) -> dict[str, bool]:
    # What Mailchimp assumes for flags left out is not documented; here they are off, so that it shows.
    given = body.get(name) or {}
    if not isinstance(given, dict):
        raise problems.invalid_fields((name, "Schema describes object"))
    return {flag: bool(given.get(flag, False)) for flag in known}
