"""gunicorn's log lines in the format of all others, and an access log without personal data."""

from datetime import timedelta
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger

from core.logs import formatter


class GunicornLogger(Logger):
    """Named in `gunicorn.conf.py` as `logger_class`."""

    def setup(self, cfg: Config) -> None:
        """Make gunicorn's handlers, then format them as `core.logs` does (JSON, or plain at a terminal)."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(formatter())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        """Log what was asked and answered, and nothing about who asked: no address, query or browser."""
        if not self.access_log_enabled:
            return
        self.access_log.info(
            "request",
            extra={
                "method": environ.get("REQUEST_METHOD"),
                "path": environ.get("PATH_INFO"),
                "status": int(str(resp.status).split(" ", 1)[0]),
                "bytes": getattr(resp, "sent", None),
                "milliseconds": round(request_time.total_seconds() * 1000, 1),
            },
        )
