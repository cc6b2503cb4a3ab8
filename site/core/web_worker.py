"""Gunicorn's threaded worker, with an end that leaves nobody standing: see `worker_class` in gunicorn.conf.py.

What lies in memory is answered by the loop that finds the request, in the time that handing it to a thread would take.
"""

import selectors
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from gunicorn import http
from gunicorn.http import wsgi
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

# Bytes read at once, as gunicorn does: requests of readers are shorter.
LONGEST_HEAD = 8192
END_OF_HEAD = b"\r\n\r\n"
# Who sends these has more to say, or wants to be asked first: a thread has the time to listen.
HAS_MORE_TO_SAY = frozenset({"CONTENT-LENGTH", "TRANSFER-ENCODING", "EXPECT", "UPGRADE"})


class AnswersAtOnce(Protocol):
    """A WSGI application that can say what it would answer without waiting for anything."""

    def at_once(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        """Answer as an application does (PEP 3333), from memory; None when that takes more than memory."""


class WebWorker(ThreadWorker):
    """Told to stop, or left behind by a killed server, it takes whoever is connected and closes the door at once.

    Gunicorn's own keeps the listening socket open while it ends: visitors go on being connected by the kernel,
    nobody takes them, and all are cut off when the last request is answered. Here they are answered, and who comes
    later is refused, which a proxy passes on to another server.

    A request that has come whole and that the application answers at once (`AnswersAtOnce`) never sees a thread:
    threads take turns for the interpreter at every call of the system, which costs more than the answer. Everything
    else goes the way of gunicorn's own, as if nobody had looked. Answers from memory leave nothing behind, so they do
    not count towards `max_requests`.
    """

    poller: Any  # both None before they are made in the new process
    tpool: Any

    def enqueue_req(self, conn: Any) -> None:
        """Called by the loop with a connection that is new, or has something to say: gunicorn's hands it to a thread.

        A thread would also wait for the first word of a visitor who has only connected, as browsers do in advance;
        here the loop does.
        """
        if conn.initialized or not self._may_answer:
            super().enqueue_req(conn)
            return
        came = _received(conn, socket.MSG_PEEK)
        if came is None and not conn.data_ready:
            self._wait_for(conn, self.pending_conns, self.on_pending_socket_readable)
        elif came and (answer := self._answer(conn, came)):
            conn.sock.recv(len(came))
            conn.parser, conn.initialized = http.get_parser(self.cfg, conn.sock, conn.client), True
            self._send(conn, answer, is_watched=False)
        else:
            conn.data_ready = True
            super().enqueue_req(conn)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Called by the loop when more has come on a kept connection."""
        came = _received(conn) if self._may_answer else None
        if came and (answer := self._answer(conn, came)):
            self.keepalived_conns.remove(conn)
            self._send(conn, answer, is_watched=True)
            return
        if came:
            conn.parser.unreader.unread(came)
        super().on_client_socket_readable(conn, client)

    @property
    def _may_answer(self) -> bool:
        is_free = len(self.keepalived_conns) < self.max_keepalived
        return is_free and self.alive and not self.cfg.is_ssl and hasattr(self.wsgi, "at_once")

    def _answer(self, conn: Any, came: bytes) -> bytes:
        """The whole answer to a whole request; nothing when it is more than that, or takes more than memory."""
        if not came.endswith(END_OF_HEAD) or came.count(END_OF_HEAD) != 1:
            return b""
        try:
            return self._answer_from_memory(conn, came)
        except Exception:  # whatever it is, the thread that tries again meets it and says so
            return b""

    def _send(self, conn: Any, answer: bytes, is_watched: bool) -> None:
        """Send without waiting for the reader, and wait for the next request; a thread waits for a slow reader."""
        try:
            sent = conn.sock.send(answer)
        except OSError:  # no room for a single byte, or gone: a thread finds out
            sent = 0
        if sent < len(answer):
            if is_watched:
                self.poller.unregister(conn.sock)
            future: Future[bool] = self.tpool.submit(_send_rest, conn, answer[sent:])
            future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))
        elif is_watched:
            conn.set_timeout()
            self.keepalived_conns.append(conn)
        else:
            self._wait_for(conn, self.keepalived_conns, self.on_client_socket_readable)

    def _wait_for(self, conn: Any, waiting: "deque[Any]", then: Callable[[Any, Any], None]) -> None:
        conn.set_timeout()
        waiting.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(then, conn))

    def _answer_from_memory(self, conn: Any, head: bytes) -> bytes:
        # A parser for these bytes alone: the connection's own has not seen them if they are given back.
        request = next(http.get_parser(self.cfg, iter([head]), conn.client))
        if request.should_close() or any(name in HAS_MORE_TO_SAY for name, _ in request.headers):
            return b""
        began, out = datetime.now(), Written()
        response, environ = wsgi.create(request, out, conn.client, conn.server, self.cfg)
        parts = self.wsgi.at_once(environ, response.start_response)
        if parts is None:
            return b""
        for part in parts:
            response.write(part)
        response.close()
        self.log.access(response, request, environ, datetime.now() - began)
        return bytes(out)

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not (self.alive and self.is_parent_alive()):
            for listener in self.sockets:
                self._take_who_waits(listener)
                listener.close()
            for conn in self.pending_conns:  # gunicorn does so with those that were answered before
                conn.timeout = min(conn.timeout, time.monotonic() + STOP_KEEPALIVE_LINGER)

    def _take_who_waits(self, listener: object) -> None:
        taken = -1
        while taken != self.nr_conns:
            taken = self.nr_conns
            self.accept(listener)


def _received(conn: Any, flags: int = 0) -> bytes | None:
    """What has come on a connection; None when nothing has, and when that shows only later."""
    try:
        return conn.sock.recv(LONGEST_HEAD, flags)
    except OSError:
        return None


def _send_rest(conn: Any, rest: bytes) -> bool:
    """Wait for a slow reader. Returns whether the connection may be kept."""
    try:
        conn.sock.setblocking(True)
        conn.sock.sendall(rest)
    except OSError:
        return False
    return True


class Written(bytearray):
    """Takes the place of a connection for gunicorn's Response, and remembers what it writes."""

    sendall = bytearray.extend
