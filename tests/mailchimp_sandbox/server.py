"""The wire: an HTTP/1.1 server on loopback, and the faults that happen on it."""

import contextlib
import errno
import socket
import socketserver
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from . import control
from .faults import Fault
from .messages import Reply, Request, parse_query, problem_reply
from .problems import Problem
from .service import Record, Service, Slot

MOST_BODY_BYTES = 64 * 1024 * 1024

SCHEMA_LINK = '<https://us1.api.mailchimp.com/schema/3.0/Definitions/>; rel="describedBy"'

#: Makes close() reset the connection instead of ending it in order.
LINGER_ZERO = struct.pack("ii", 1, 0)


class Server(ThreadingHTTPServer):
    """Listens on a loopback address; `stop` also ends the connections that are open."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], service: Service, report: Callable[[Record], None]) -> None:
        self.service = service
        self.report = report
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        # Not HTTPServer's, which asks the name service for the machine's full name.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._connections_lock:
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.service.faults.release()
        with self._connections_lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            report_error(self.service, error)


def report_error(service: Service, error: BaseException | None) -> None:
    """An error of the stand-in itself: to stderr, and kept. Its message is left out, it may hold an address."""
    frames = "".join(traceback.format_tb(error.__traceback__)) if error else ""
    text = f"Error in the stand-in for Mailchimp: {type(error).__name__}\n{frames}"
    service.errors.append(text)
    print(text, file=sys.stderr, flush=True)


class Handler(BaseHTTPRequestHandler):
    """One connection. Addresses under /3.0 are the API; the rest is the stand-in's own (see `control`)."""

    protocol_version = "HTTP/1.1"
    server_version = "openresty"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 75

    @property
    def service(self) -> Service:
        return cast(Server, self.server).service

    def answer(self) -> None:
        try:
            request = self._read()
        except ValueError as refusal:
            self.close_connection = True
            self._send(problem_reply(Problem("Bad Request", str(refusal))))
            return
        if request.path == "/3.0" or request.path.startswith("/3.0/"):
            self._answer_api(request)
        else:
            self._send(self._guarded(lambda: control.answer(self.service, request)))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

    def _read(self) -> Request:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            raise ValueError("A Content-Length is needed.")
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 <= length <= MOST_BODY_BYTES:
            raise ValueError("The body is too large.")
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(length)
        return Request(self.command, unquote(parts.path), parse_query(parts.query), body, headers)

    def _answer_api(self, request: Request) -> None:
        service = self.service
        record = service.record(request)
        with service.slot() as slot:
            try:
                if not slot.granted:
                    self._finish(record, slot, problem_reply(Problem("Too Many Requests")))
                elif fault := service.faults.take(request):
                    record.fault = fault.kind
                    self._play(fault, request, record, slot)
                else:
                    self._finish(record, slot, self._work(request))
            finally:
                record.seconds = slot.seconds
                cast(Server, self.server).report(record)

    def _work(self, request: Request) -> Reply:
        return self._guarded(lambda: self.service.answer(request))

    def _guarded(self, work: Callable[[], Reply]) -> Reply:
        try:
            return work()
        except Exception as error:
            report_error(self.service, error)
            return problem_reply(Problem("Internal Server Error", "The stand-in itself failed; see its log."))

    def _finish(self, record: Record, slot: Slot, reply: Reply) -> None:
        # The slot is free before the caller can know the answer, or its next call would count beside this one.
        record.status = reply.status
        slot.free()
        self._send(reply)

    # Faults

    def _play(self, fault: Fault, request: Request, record: Record, slot: Slot) -> None:
        done = self._work(request) if fault.work_done else None
        if fault.kind == "delay":
            self.service.faults.waiter().wait(fault.seconds)
            self._finish(record, slot, done or self._work(request))
        elif reply := fault.reply(done):
            self._finish(record, slot, reply)
        else:
            self.close_connection = True
            WIRE_FAULTS[fault.kind](self, fault, done, record)

    def _hang(self, fault: Fault, done: Reply | None, record: Record) -> None:
        self.service.faults.waiter().wait(fault.seconds)

    def _drop(self, fault: Fault, done: Reply | None, record: Record) -> None:
        """Nothing to do: the connection closes."""

    def _reset(self, fault: Fault, done: Reply | None, record: Record) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self.rfile.close()
        self.connection.close()

    def _cut(self, fault: Fault, done: Reply | None, record: Record) -> None:
        body = done.body if done and done.body else b'{"id":"0123456789abcdef0123456789abcdef"}'
        record.status = 200
        self.wfile.write(self._head(Reply(200), len(body)) + body[: len(body) // 2])

    def _drip(self, fault: Fault, done: Reply | None, record: Record) -> None:
        record.status = 200
        waiter = self.service.faults.waiter()
        steps = max(int(fault.seconds / fault.interval), 1)
        self.wfile.write(self._head(Reply(200), steps * 10))
        for _ in range(steps):
            if waiter.wait(fault.interval):
                return
            self.wfile.write(b" ")

    # Sending

    def _send(self, reply: Reply) -> None:
        body = b"" if self.command == "HEAD" else reply.body
        self.wfile.write(self._head(reply, len(reply.body)) + body)

    def _head(self, reply: Reply, length: int) -> bytes:
        headers = {"Server": self.server_version, "Date": self.date_time_string()}
        if reply.content_type:
            headers["Content-Type"] = reply.content_type
        if reply.status != 204:
            headers["Content-Length"] = str(length)
        if self.close_connection:
            headers["Connection"] = "close"
        headers |= {"Link": SCHEMA_LINK} if self.path.startswith("/3.0") and reply.body else {}
        headers |= reply.headers
        phrase = self.responses.get(reply.status, ("",))[0]
        lines = [
            f"HTTP/1.1 {reply.status} {phrase}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: requests are reported by the service, which keeps addresses out."""


WIRE_FAULTS = {
    "hang": Handler._hang,
    "drop": Handler._drop,
    "reset": Handler._reset,
    "cut": Handler._cut,
    "drip": Handler._drip,
}


def hold_port(host: str, port: int) -> socket.socket:
    """A socket that keeps the port without listening: callers are refused, and nobody else gets it."""
    holder = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((host, port))
    return holder


def port_is_taken(error: OSError) -> bool:
    return error.errno == errno.EADDRINUSE
