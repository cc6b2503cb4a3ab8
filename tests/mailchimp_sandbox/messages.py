"""Requests and replies, apart from the wire they travel on."""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from .problems import Problem

JSON = "application/json; charset=utf-8"
PROBLEM_JSON = "application/problem+json; charset=utf-8"


@dataclass
class Request:
    """A request as it arrived. `query` joins repeated arguments by commas; `body` is parsed on demand."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    raw_body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> Any:
        """The JSON body, or None when there is none or it is no JSON (see `json_body`)."""
        try:
            return self.json_body()
        except Problem:
            return None

    def json_body(self) -> Any:
        """The JSON body, None for an empty one. Raises Problem when it cannot be parsed."""
        if not self.raw_body.strip():
            return None
        try:
            return json.loads(self.raw_body)
        except (ValueError, RecursionError):
            raise Problem("JSON Parse Exception") from None

    def flag(self, name: str) -> bool:
        """A boolean argument; the Python client sends `True`, others `true`."""
        return self.query.get(name, "").lower() in ("true", "1")

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_body.decode(errors="replace"), keep_blank_values=True))


@dataclass
class Reply:
    """An answer. `content_type` None sends no such header."""

    status: int
    body: bytes = b""
    content_type: str | None = JSON
    headers: dict[str, str] = field(default_factory=dict)


def parse_query(text: str) -> dict[str, str]:
    query: dict[str, str] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    return query


def json_reply(document: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(document).encode())


def no_content() -> Reply:
    return Reply(204)


def problem_reply(problem: Problem) -> Reply:
    instance = str(uuid.uuid4())
    body = json.dumps(problem.document(instance)).encode()
    return Reply(problem.status, body, PROBLEM_JSON, {"X-Request-Id": instance, **problem.headers})
