"""Gunicorn's threaded worker, with an end that leaves nobody standing: see `worker_class` in gunicorn.conf.py."""

from gunicorn.workers.gthread import ThreadWorker


class WebWorker(ThreadWorker):
    """Told to stop, it takes whoever is already connected and closes the door at once.

    Gunicorn's own keeps the listening socket open while it ends: visitors go on being connected by the kernel,
    nobody takes them, and all are cut off when the last request is answered. Here they are answered, and who comes
    later is refused, which a proxy passes on to another server.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                self._take_who_waits(listener)
                listener.close()

    def _take_who_waits(self, listener: object) -> None:
        taken = -1
        while taken != self.nr_conns:
            taken = self.nr_conns
            self.accept(listener)
