"""Faults on demand: how the stand-in misbehaves, for how many requests, and for which of them."""

import json
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from .contact import subscriber_hash
from .messages import Reply, Request, problem_reply
from .problems import GLOSSARY, Problem

#: What each kind does. `work_done` makes the request take effect before the fault.
KINDS = {
    "problem": "a problem document: title, status, detail, errors as given",
    "empty": "an error status with no body and no content type",
    "bare": "an error status with a few words of text, as from a firewall",
    "html": "an HTML page, with an error status or 200",
    "akamai": "503 with the JSON of the network in front of the service",
    "truncated": "200 with JSON that stops in the middle",
    "cut": "200 that promises more bytes than it sends, then closes",
    "huge": "200 with `size` bytes of JSON",
    "redirect": "302 to `location`",
    "hang": "no answer for `seconds`, then the connection closes",
    "drip": "an answer at one byte every `interval` seconds, for `seconds`",
    "reset": "the connection is reset",
    "drop": "the connection is closed without an answer",
    "delay": "the true answer, after `seconds`",
}
DEFAULT_STATUS = {"problem": 500, "empty": 429, "bare": 403, "html": 502, "akamai": 503, "redirect": 302}

#: No fault holds a connection longer than this, in seconds.
LONGEST = 60.0


@dataclass
class Fault:
    """One fault. `times` None: until cleared. `path` is a regular expression, searched in the whole path."""

    kind: str
    times: int | None = None
    method: str | None = None
    path: str | None = None
    email: str | None = None
    status: int | None = None
    title: str | None = None
    detail: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    seconds: float = LONGEST
    interval: float = 0.5
    size: int = 5_000_000
    location: str = "/3.0/ping"
    work_done: bool = False
    hits: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known are: {', '.join(KINDS)}")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be 1 or more, or left out")
        self.seconds = min(float(self.seconds), LONGEST)
        self.interval = max(float(self.interval), 0.001)
        if self.title and self.status is None and self.title in GLOSSARY:
            self.status = GLOSSARY[self.title][0]
        if self.status is None:
            self.status = DEFAULT_STATUS.get(self.kind, 200)
        self.status = int(self.status)
        try:
            self.path_pattern = re.compile(self.path or "")
        except re.error as error:
            raise ValueError(f"path is no regular expression: {error}") from None

    @property
    def used_up(self) -> bool:
        return self.times is not None and self.hits >= self.times

    def matches(self, request: Request) -> bool:
        if self.method and self.method.upper() != request.method:
            return False
        if self.email and not concerns(request, self.email):
            return False
        return bool(self.path_pattern.search(request.path))

    def reply(self, done: Reply | None) -> Reply | None:
        """The answer this fault gives, or None when it is one of the wire (see `server`).

        `done` is the true answer, when the work was done.
        """
        maker = REPLIES.get(self.kind)
        return maker(self, done) if maker else None

    def document(self) -> dict[str, Any]:
        """For the control address: without the address it may be about."""
        shown = ("kind", "times", "hits", "method", "path", "status", "title", "work_done")
        return {name: getattr(self, name) for name in shown} | {"for_one_contact": bool(self.email)}


def concerns(request: Request, email: str) -> bool:
    """Whether a request is about this address: by the hash in its path, or by its body."""
    if subscriber_hash(email) in request.path.lower():
        return True
    quoted = json.dumps(email.strip().lower(), ensure_ascii=False)
    return quoted in json.dumps(request.body, ensure_ascii=False).lower()


def _problem(fault: Fault, done: Reply | None) -> Reply:
    title = fault.title or _title_of(fault.status)
    return problem_reply(Problem(title, fault.detail, status=fault.status, errors=fault.errors))


def _title_of(status: int | None) -> str:
    return next((title for title, (code, _) in reversed(GLOSSARY.items()) if code == status), "Error")


def _html(fault: Fault, done: Reply | None) -> Reply:
    page = f"<html><head><title>{fault.status}</title></head><body><h1>{fault.status}</h1></body></html>"
    return Reply(fault.status or 502, page.encode(), "text/html; charset=utf-8")


def _akamai(fault: Fault, done: Reply | None) -> Reply:
    document = {
        "type": "akamai_error_message",
        "title": "akamai_503",
        "status": 503,
        "ref_no": "Reference Number: 0.5e3d1402.1795255200.1a2b3c4",
    }
    return Reply(fault.status or 503, json.dumps(document).encode(), "application/json")


def _truncated(fault: Fault, done: Reply | None) -> Reply:
    body = done.body if done and done.body else b'{"id":"0123456789abcdef0123456789abcdef","email_add'
    return Reply(200, body[: max(len(body) // 2, 1)])


def _huge(fault: Fault, done: Reply | None) -> Reply:
    frame = json.dumps({"id": "", "padding": ""}).encode()
    return Reply(200, frame[:-2] + b"x" * max(fault.size - len(frame), 0) + frame[-2:])


REPLIES = {
    "problem": _problem,
    "empty": lambda fault, done: Reply(fault.status, b"", None),
    "bare": lambda fault, done: Reply(fault.status, b"Forbidden\n", "text/plain"),
    "html": _html,
    "akamai": _akamai,
    "truncated": _truncated,
    "huge": _huge,
    "redirect": lambda fault, done: Reply(fault.status, b"", None, {"Location": fault.location}),
}


class Faults:
    """The faults now in force, oldest first; the first that matches a request is taken."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._released = threading.Event()

    def add(self, fault: Fault) -> Fault:
        with self._lock:
            self._faults.append(fault)
        return fault

    def take(self, request: Request) -> Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.matches(request):
                    fault.hits += 1
                    if fault.used_up:
                        self._faults.remove(fault)
                    return fault
        return None

    def current(self) -> list[Fault]:
        with self._lock:
            return list(self._faults)

    def clear(self) -> None:
        """No faults any more; whoever hangs is let go."""
        with self._lock:
            self._faults.clear()
        self.release()

    def release(self) -> None:
        """Lets go everyone who waits in a fault."""
        with self._lock:
            released, self._released = self._released, threading.Event()
        released.set()

    def waiter(self) -> threading.Event:
        """An event that is set when waiting ends early."""
        with self._lock:
            return self._released
