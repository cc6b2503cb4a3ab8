"""Gunicorn's threaded worker, with an end that leaves nobody standing: see `worker_class` in gunicorn.conf.py."""

import select
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Milliseconds for which a thread that has nothing else to do looks for the next request on the same connection.
LINGER = 1


class WebWorker(ThreadWorker):
    """Told to stop, or left behind by a killed server, it takes whoever is connected and closes the door at once.

    Gunicorn's own keeps the listening socket open while it ends: visitors go on being connected by the kernel,
    nobody takes them, and all are cut off when the last request is answered. Here they are answered, and who comes
    later is refused, which a proxy passes on to another server.

    Handing a connection from thread to thread takes several times as long as answering from memory. So a thread stays
    with a visitor whose next request comes at once, as long as nobody else waits for a thread.
    """

    def handle(self, conn: Any) -> Any:
        again = super().handle(conn)
        while again is True and self.alive and self._comes_at_once(conn):
            again = super().handle(conn)
        return again

    def _comes_at_once(self, conn: Any) -> bool:
        pool: Any = self.tpool
        if not pool._work_queue.empty():  # somebody waits
            return False
        if conn.parser.unreader.buf.getvalue():  # was read together with the last one
            return True
        poll = select.poll()
        poll.register(conn.sock, select.POLLIN)
        return bool(poll.poll(LINGER))

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
