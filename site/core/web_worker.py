"""Gunicorn's threaded worker, with an end that leaves nobody standing: see `worker_class` in gunicorn.conf.py.

What lies in memory is answered by the loop that finds the request, in the time that handing it to a thread would take.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Any, Protocol

from gunicorn import http
from gunicorn.http import wsgi
from gunicorn.workers.gthread import ThreadWorker

# Bytes read at once, as gunicorn does: requests of readers are shorter.
LONGEST_HEAD = 8192
END_OF_HEAD = b"\r\n\r\n"
# Who sends these has more to say, or wants to be asked first: a thread has the time to listen.
HAS_MORE_TO_SAY = frozenset({"CONTENT-LENGTH", "TRANSFER-ENCODING", "EXPECT", "UPGRADE"})

AtOnce = Callable[[dict[str, Any], Any], Iterable[bytes] | None]


class AnswersAtOnce(Protocol):
    """A WSGI application that can say what it would answer without waiting for anything."""

    def at_once(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes] | None:
        """Answer as an application does (PEP 3333), from memory; None when that takes more than memory."""


class WebWorker(ThreadWorker):
    """Told to stop, or left behind by a killed server, it takes whoever is connected and closes the door at once.

    Gunicorn's own keeps the listening socket open while it ends: visitors go on being connected by the kernel,
    nobody takes them, and all are cut off when the last request is answered. Here they are answered, and who comes
    later is refused, which a proxy passes on to another server.

    On a kept connection, a request that has come whole and that the application answers at once (`AnswersAtOnce`) never
    sees a thread: threads would take turns for the interpreter at every call of the system, which costs more than
    the answer. Everything else goes the way of gunicorn's own, as if nobody had looked.
    """

    poller: Any  # both None before they are made in the new process
    tpool: Any

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """Called by the loop when more has come on a kept connection."""
        at_once: AtOnce | None = getattr(self.wsgi, "at_once", None)
        answer = self._answer(at_once, conn) if at_once and self.alive and not self.cfg.is_ssl else b""
        if not answer:
            super().on_client_socket_readable(conn, client)
            return
        self.keepalived_conns.remove(conn)
        try:
            sent = conn.sock.send(answer)
        except OSError:  # no room for a single byte, or gone: a thread finds out
            sent = 0
        if sent == len(answer):
            conn.set_timeout()
            self.keepalived_conns.append(conn)
        else:
            self.poller.unregister(client)
            self._in_a_thread(self._send, conn, answer[sent:])

    def _answer(self, at_once: AtOnce, conn: Any) -> bytes:
        """The whole answer to what has come, or nothing; then what was read is given back for a thread to read."""
        try:
            came = conn.sock.recv(LONGEST_HEAD)
        except OSError:
            return b""
        answer = b""
        if came.endswith(END_OF_HEAD) and came.count(END_OF_HEAD) == 1:
            try:
                answer = self._answer_from_memory(at_once, conn, came)
            except Exception:  # whatever it is, the thread that tries again meets it and says so
                answer = b""
        if not answer:
            conn.parser.unreader.unread(came)
        return answer

    def _answer_from_memory(self, at_once: AtOnce, conn: Any, head: bytes) -> bytes:
        # A parser for these bytes alone: the connection's own has not seen them if they are given back.
        request = next(http.get_parser(self.cfg, iter([head]), conn.client))
        if request.should_close() or any(name in HAS_MORE_TO_SAY for name, _ in request.headers):
            return b""
        began, out = datetime.now(), Written()
        response, environ = wsgi.create(request, out, conn.client, conn.server, self.cfg)
        parts = at_once(environ, response.start_response)
        if parts is None:
            return b""
        for part in parts:
            response.write(part)
        response.close()
        self.log.access(response, request, environ, datetime.now() - began)
        return bytes(out)

    def _in_a_thread(self, function: Callable[..., bool], conn: Any, *arguments: Any) -> None:
        """Have a thread do something for a connection, and keep that if it gives True."""
        future: Future[bool] = self.tpool.submit(function, conn, *arguments)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _send(self, conn: Any, rest: bytes) -> bool:
        """Wait for a slow reader."""
        try:
            conn.sock.setblocking(True)
            conn.sock.sendall(rest)
        except OSError:
            return False
        return True

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not (self.alive and self.is_parent_alive()):
            for listener in self.sockets:
                self._take_who_waits(listener)
                listener.close()

    def _take_who_waits(self, listener: object) -> None:
        taken = -1
        while taken != self.nr_conns:
            taken = self.nr_conns
            self.accept(listener)


class Written(bytearray):
    """Takes the place of a connection for gunicorn's Response, and remembers what it writes."""

    sendall = bytearray.extend
