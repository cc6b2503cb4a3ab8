"""gunicorn's worker of ours, on a real server: what it answers at once is what a thread would have answered."""

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ops.at_once_application import BIG
from tests.reliability.processes import ROOT, Running, free_port, until

THREADS = 2
KEEPALIVE_SECONDS = 2
LOOP = "mainthread"
END = b"\r\n\r\n"


@contextlib.contextmanager
def server(name: str, folder: Path) -> Iterator[tuple[int, Running]]:
    """A server for the length of a `with` block; gives its port and its process."""
    port = free_port()
    options = f"--bind=127.0.0.1:{port} --threads={THREADS} --keep-alive={KEEPALIVE_SECONDS} --workers=1"
    options += f" --config={os.devnull} --worker-class=core.web_worker.WebWorker --no-control-socket"
    options += " --access-logfile=- --error-logfile=-"
    command = [sys.executable, "-m", "gunicorn", *options.split(), f"tests.ops.at_once_application:{name}"]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"}
    running = Running(name, command, environment, folder / name)
    try:
        until(lambda: "Booting worker" in running.printed, 30, "the start")
        yield port, running
    finally:
        running.kill()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The ports of two servers, and the log of the first: `quick` can answer at once, `plain` can't."""
    folder = tmp_path_factory.mktemp("gunicorn")
    with server("quick", folder) as (quick, _), server("plain", folder) as (plain, _):
        yield {"quick": quick, "plain": plain, "log": folder / "quick"}


def head(path: str = "/", *lines: str, method: str = "GET", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: example.org", *lines, "", ""]).encode("latin-1")


class Visitor:
    """A connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", port))
        self.rest = b""

    def asks(self, path: str = "/", *lines: str) -> tuple[bytes, dict[str, str], bytes]:
        """Send a request; give the status line, headers and body of its answer."""
        self.socket.sendall(head(path, *lines))
        return self.reads()

    def reads(self) -> tuple[bytes, dict[str, str], bytes]:
        while END not in self.rest:
            self.rest += self._receive()
        top, _, self.rest = self.rest.partition(END)
        status, *rest = top.split(b"\r\n")
        headers = dict(line.decode().lower().split(": ", 1) for line in rest)
        length = int(headers.get("content-length", 0)) if b" 304 " not in status else 0
        chunks = [self.rest]
        while sum(map(len, chunks)) < length:
            chunks.append(self._receive())
        whole = b"".join(chunks)
        self.rest = whole[length:]
        return status, headers, whole[:length]

    def _receive(self) -> bytes:
        part = self.socket.recv(262_144)
        if not part:
            raise EOFError("closed")
        return part

    def sends(self, parts: list[bytes]) -> bytes:
        """Send bytes, with pauses between parts, then a last request; give all that comes until the end."""
        for part in [*parts, head("/last/", "Connection: close")]:
            with contextlib.suppress(OSError):  # refused meanwhile
                self.socket.sendall(part)
            time.sleep(0.02)
        self.socket.settimeout(3)
        came = b""
        with contextlib.suppress(ConnectionError):
            try:
                while part := self.socket.recv(262_144):
                    came += part
            except TimeoutError:
                came += b"[waits for more]"
        return came


def without_what_differs(answer: bytes) -> list[bytes]:
    return [line for line in answer.split(b"\r\n") if not line.lower().startswith((b"date: ", b"x-thread: "))]


# --- At once -----------------------------------------------------------------------------------------


def test_the_loop_answers_with_the_bytes_of_a_thread(servers):
    quick, plain = Visitor(servers["quick"]), Visitor(servers["plain"])
    for path, *lines in [["/"], ["/a%20b/?c=d&e=%2F"], ["/", "Cookie: a=b", "X-Twice: 1", "X-Twice: 2"], ["//x/..;a"]]:
        by_loop, by_thread = quick.asks(path, *lines), plain.asks(path, *lines)
        assert by_loop[1].pop("x-thread") == LOOP != by_thread[1].pop("x-thread")
        assert by_loop[1].pop("date") and by_thread[1].pop("date")
        assert by_loop == by_thread


def test_what_it_asks_of_memory_is_answered_while_all_threads_are_busy(servers):
    waiting = [Visitor(servers["quick"]) for _ in range(THREADS)]
    reader = Visitor(servers["quick"])
    for visitor in waiting:
        visitor.socket.sendall(head("/slow/"))
    time.sleep(0.2)
    began = time.monotonic()
    for _ in range(20):
        assert reader.asks()[1]["x-thread"] == LOOP
    assert time.monotonic() - began < 3
    for visitor in waiting:
        assert visitor.reads()[1]["x-thread"] != LOOP


def test_who_only_connects_keeps_no_thread_and_is_answered_when_they_speak(servers):
    silent = [Visitor(servers["quick"]) for _ in range(THREADS * 2)]
    time.sleep(0.1)
    began = time.monotonic()
    assert Visitor(servers["quick"]).asks("/broken/")[1]["x-thread"] != LOOP  # needs a thread
    assert time.monotonic() - began < 3
    for visitor in silent:
        assert visitor.asks()[1]["x-thread"] == LOOP


def test_what_fails_at_once_is_tried_by_a_thread(servers):
    visitor = Visitor(servers["quick"])
    status, headers, body = visitor.asks("/broken/")
    assert (status, json.loads(body)[1], headers["x-thread"] == LOOP) == (b"HTTP/1.1 200 OK", "/broken/", False)
    assert visitor.asks()[1]["x-thread"] == LOOP


def test_a_connection_lives_on_with_each_answer_and_ends_when_none_is_asked_for(servers):
    visitor = Visitor(servers["quick"])
    for _ in range(3):
        time.sleep(KEEPALIVE_SECONDS * 0.7)
        assert visitor.asks()[1]["x-thread"] == LOOP
    visitor.socket.settimeout(KEEPALIVE_SECONDS + 5)
    assert visitor.socket.recv(1) == b""


def test_each_answer_has_its_line_in_the_log(servers):
    before = Path(servers["log"]).read_text().count("/logged/")
    visitor = Visitor(servers["quick"])
    for _ in range(3):
        visitor.asks("/logged/")
    until(lambda: Path(servers["log"]).read_text().count("/logged/") == before + 3, 5, "the log")


def test_at_the_end_it_waits_for_nobody_who_only_connected(tmp_path):
    with server("quick", tmp_path) as (port, process):
        silent, speaking = Visitor(port), Visitor(port)
        assert speaking.asks()[1]["x-thread"] == LOOP
        time.sleep(0.2)
        process.process.terminate()
        until(lambda: "Handling signal: term" in process.printed, 5, "the signal")
        _, headers, _ = speaking.asks()  # as it was promised that the connection is kept
        assert headers["connection"] == "close"
        process.process.wait(10)
        assert silent.socket.recv(1) == b""


# --- Readers who are slow or go away -------------------------------------------------------------------


def test_a_slow_reader_gets_all_and_keeps_nobody_waiting(servers):
    slow, other = Visitor(servers["quick"]), Visitor(servers["quick"])
    slow.socket.sendall(head("/big/"))
    time.sleep(0.2)
    assert other.asks()[1]["x-thread"] == LOOP
    _, headers, body = slow.reads()
    assert headers["x-thread"] == LOOP
    assert body == BIG
    assert slow.asks()[1]["x-thread"] == LOOP


def test_readers_who_go_away_leave_the_server_as_it_was(servers):
    for _ in range(THREADS * 2):
        visitor = Visitor(servers["quick"])
        visitor.socket.sendall(head("/big/"))
        time.sleep(0.05)
        visitor.socket.close()
    assert Visitor(servers["quick"]).asks()[1]["x-thread"] == LOOP


# --- Everything else -----------------------------------------------------------------------------------

WITH_BODY = head("/body/", "Content-Length: 5")
CHUNKED = head("/chunked/", "Transfer-Encoding: chunked")
ODD = {
    "one after the other": [head("/a/"), head("/b/"), head("/c/")],
    "two at once": [head("/a/") + head("/b/")],
    "two and a half at once": [head("/a/") + head("/b/") + head("/c/")[:9], head("/c/")[9:] + head("/d/")],
    "in pieces": [bytes([byte]) for byte in head("/a/")],
    "three bytes, then the rest": [head("/a/")[:3], head("/a/")[3:]],
    "the end in two": [head("/a/")[:-2], head("/a/")[-2:]],
    "an empty line too many": [head("/a/") + b"\r\n", head("/b/")],
    "an empty line first": [b"\r\n" + head("/a/"), head("/b/")],
    "only an end": [END, head("/b/")],
    "a body": [WITH_BODY + b"hello", head("/b/")],
    "a body that comes later": [WITH_BODY, b"hello", head("/b/")],
    "a body that is a request": [head("/a/", f"Content-Length: {len(head('/b/'))}"), head("/b/"), head("/c/")],
    "a body of two ends": [head("/a/", "Content-Length: 8") + END + END, head("/b/")],
    "a body in chunks": [CHUNKED + b"5\r\nhello\r\n0" + END, head("/b/")],
    "a body in chunks that comes later": [CHUNKED, b"5\r\nhello\r\n0" + END, head("/b/")],
    "both lengths": [head("/a/", "Content-Length: 5", "Transfer-Encoding: chunked"), b"0" + END + head("/b/")],
    "two lengths": [head("/a/", "Content-Length: 0", "Content-Length: 5"), head("/b/")],
    "a length that is none": [head("/a/", "Content-Length: +5"), head("/b/")],
    "expects to be asked": [head("/a/", "Expect: 100-continue", "Content-Length: 5"), b"hello", head("/b/")],
    "expects, without a body": [head("/a/", "Expect: 100-continue"), head("/b/")],
    "expects the unexpected": [head("/a/", "Expect: a miracle"), head("/b/")],
    "an upgrade": [head("/a/", "Connection: Upgrade", "Upgrade: websocket"), head("/b/")],
    "HTTP/2 is asked for": [head("/a/", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AA")],
    "HTTP/2": [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    "POST": [head("/a/", "Content-Length: 5", method="POST") + b"hello", head("/b/")],
    "POST without a length": [head("/a/", method="POST"), head("/b/")],
    "HEAD": [head("/a/", method="HEAD"), head("/b/")],
    "not modified": [head("/a/", 'If-None-Match: "a"'), head("/b/")],
    "of a length that is not said": [head("/unmeasured/"), head("/b/")],
    "an unknown method": [head("/a/", method="BREW"), head("/b/")],
    "a method in small letters": [head("/a/", method="get"), head("/b/")],
    "the connection is to be closed": [head("/a/", "Connection: close"), head("/b/")],
    "HTTP/1.0": [head("/a/", version="1.0"), head("/b/")],
    "HTTP/1.0 that goes on": [head("/a/", "Connection: keep-alive", version="1.0"), head("/b/", version="1.0")],
    "HTTP/9": [head("/a/", version="9.9"), head("/b/")],
    "no version": [b"GET /a/" + END, head("/b/")],
    "no Host": [b"GET /a/ HTTP/1.1" + END, head("/b/")],
    "two Hosts": [head("/a/", "Host: example.com"), head("/b/")],
    "a whole address": [head("http://example.com/a/?b"), head("/b/")],
    "an asterisk": [head("*", method="OPTIONS"), head("/b/")],
    "a header without a colon": [head("/a/", "nothing"), head("/b/")],
    "a header with a space before its colon": [head("/a/", "X-A : b"), head("/b/")],
    "a folded header": [head("/a/", "X-A: b", " c"), head("/b/")],
    "NUL in a header": [head("/a/", "X-A: b\0c"), head("/b/")],
    "NUL in the path": [head("/a\0/"), head("/b/")],
    "bytes beyond ASCII": [head("/é/", "X-A: é"), head("/b/")],
    "an underscore in a name": [head("/a/", "X_Forwarded_Proto: https"), head("/b/")],
    "forwarded": [head("/a/", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7"), head("/b/")],
    "lines that end without CR": [head("/a/").replace(b"\r\n", b"\n"), head("/b/")],
    "as long as is read at once": [head("/a/", "X-A: " + "b" * (8192 - len(head("/a/", "X-A: ")))), head("/b/")],
    "longer than is read at once": [head("/a/", "X-A: " + "b" * 4000, "X-B: " + "c" * 5000), head("/b/")],
    "too long a line": [head("/a/" + "b" * 5000), head("/b/")],
    "too many headers": [head("/a/", *[f"X-{number}: 1" for number in range(200)]), head("/b/")],
    "no request": [b"\x16\x03\x01\x02\x00" + END, head("/b/")],
}


@pytest.mark.parametrize("begins", ["at once", "in a thread", "new"])
@pytest.mark.parametrize("case", ODD)
def test_it_answers_whatever_comes_as_gunicorn_does(servers, case, begins):
    """Bytes, order and ends of connections are those of a server whose application is never asked at once."""
    answers = []
    for name in ("plain", "quick"):
        visitor = Visitor(servers[name])
        if begins != "new":
            visitor.asks("/" if begins == "at once" else "/broken/")
        answers.append(visitor.sends(ODD[case]))
    assert without_what_differs(answers[1]) == without_what_differs(answers[0])
    assert answers[0], "the plain server says nothing at all: the case tests nothing"
