"""An answer that many visitors get, in each content coding, ready to be sent."""

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

import brotli

Headers = list[tuple[str, str]]

IDENTITY, GZIP, BROTLI = "", "gzip", "br"
# From the best to the worst, when a browser takes them alike.
CODINGS = (BROTLI, GZIP)
# Smaller bodies do not get smaller.
LEAST_BYTES = 200
COMPRESSIBLE = re.compile(r"text/|application/(?:[\w.-]+\+)?(?:json|xml)|image/svg")
# Written anew for each representation, or spoken between two neighbours only.
_OWN = frozenset({"content-length", "content-encoding", "etag", "connection", "date"})
# What a 304 repeats (RFC 9110, 15.4.5).
_REPEATED = frozenset({"cache-control", "vary", "expires", "content-location"})
# Longer ones are nobody's; they are answered plainly.
_LONGEST_HEADER = 200
# What an entry takes beside its bodies, in bytes, roughly: header lists, objects, its place in the store.
_OVERHEAD = 4096


class Representation(NamedTuple):
    """An answer in one coding. `not_modified` are the headers of a 304."""

    etag: str
    headers: Headers
    not_modified: Headers
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the application answered: status line, headers and uncompressed body."""

    status: str
    headers: Headers
    body: bytes

    @property
    def is_keepable(self) -> bool:
        """Whether it is a whole page that says it is for everybody and depends on nothing else."""
        said = {"cache-control": "", "vary": ""}
        for name, value in self.headers:
            said[name.lower()] = f"{said.get(name.lower(), '')},{value.lower()}"
        directives = _words(said["cache-control"])
        return (
            self.is_ok
            and "public" in directives
            and not directives & {"no-store", "private", "no-cache"}
            and _words(said["vary"]) <= {"accept-encoding"}
            and not said.keys() & {"set-cookie", "content-encoding"}
        )

    @property
    def is_ok(self) -> bool:
        return self.status.startswith(f"{HTTPStatus.OK} ")

    def represented(self) -> dict[str, Representation]:
        """The answer in every coding, as it is kept."""
        return {coding: self.represent(coding) for coding in (IDENTITY, *CODINGS)}

    def represent(self, coding: str) -> Representation:
        """The answer in one coding; uncompressed when that would not make it smaller."""
        body = self._encode(coding)
        if len(body) >= len(self.body):
            coding, body = IDENTITY, self.body
        headers = [(name, value) for name, value in self.headers if name.lower() not in _OWN]
        if not any(name.lower() == "vary" and "accept-encoding" in value.lower() for name, value in headers):
            headers.append(("Vary", "Accept-Encoding"))
        repeated = [(name, value) for name, value in headers if name.lower() in _REPEATED]
        etag = ""
        if self.is_ok:  # strong, so another one for each coding (RFC 9110, 8.8.3.3)
            etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            headers.append(("ETag", etag))
            repeated.append(("ETag", etag))
        if coding:
            headers.append(("Content-Encoding", coding))
        if self.status[:3] not in ("204", "304"):
            headers.append(("Content-Length", str(len(body))))
        return Representation(etag, headers, repeated, body)

    def _encode(self, coding: str) -> bytes:
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        if not coding or len(self.body) < LEAST_BYTES or not COMPRESSIBLE.match(kind):
            return self.body
        if coding == GZIP:
            return gzip.compress(self.body, compresslevel=6, mtime=0)  # the same bytes on every machine
        return brotli.compress(self.body, quality=5)


def size_of(representations: dict[str, Representation]) -> int:
    """The bytes that an answer takes in memory, roughly."""
    bodies = {id(one.body): len(one.body) for one in representations.values()}
    return _OVERHEAD + sum(bodies.values())


def coding_for(accept_encoding: str) -> str:
    """The coding to answer with, by the visitor's Accept-Encoding (RFC 9110, 12.5.3)."""
    return _coding_for(accept_encoding) if len(accept_encoding) <= _LONGEST_HEADER else IDENTITY


@lru_cache(maxsize=256)
def _coding_for(accept_encoding: str) -> str:
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.partition(";")
        weights[name.strip()] = _weight(parameter.strip())
    others = weights.get("*", 0.0)
    best = max(CODINGS, key=lambda coding: weights.get(coding, others))
    weight = weights.get(best, others)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else IDENTITY


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    found = re.fullmatch(r"q\s*=\s*([01](?:\.\d{0,3})?)", parameter, re.ASCII)
    return float(found[1]) if found else 0.0


def is_same(if_none_match: str, etag: str) -> bool:
    """Whether the visitor has this representation already (RFC 9110, 13.1.2: compared weakly)."""
    if if_none_match == etag:
        return True
    tags = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (etag, "*") for tag in tags)


def _words(values: str) -> set[str]:
    return set(filter(None, (word.strip() for word in values.split(","))))


def with_cache_status(headers: Iterable[tuple[str, str]], status: str) -> Headers:
    """A copy of some headers that says how the page cache came to the answer (RFC 9211)."""
    return [*headers, ("Cache-Status", f"page-cache; {status}")]
