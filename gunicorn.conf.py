"""How gunicorn serves the site: `gunicorn --config gunicorn.conf.py`, also what `script/serve` runs.

Settings and their reasons: https://docs.gunicorn.org/en/stable/settings.html
"""

import gc
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

from django.core.exceptions import ImproperlyConfigured  # noqa: E402

try:
    from django.conf import settings

    from config.environment import whole_number

    _proxies = [str(network) for network in settings.TRUSTED_PROXIES]
    _port = whole_number("PORT", os.environ.get("PORT", "8000"), minimum=1)
    _processes = whole_number("WEB_CONCURRENCY", os.environ.get("WEB_CONCURRENCY", "2"), minimum=1)
    _level = str(settings.LOGGING["root"]["level"])
    _manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
except ImproperlyConfigured as error:
    sys.exit(f"Wrong settings: {error}")
if not _manifest.is_file():
    sys.exit("The static files are not collected yet: run `python manage.py collectstatic --no-input` first")

wsgi_app = "config.wsgi"
pythonpath = str(ROOT / "site")
chdir = str(ROOT)
bind = f"0.0.0.0:{_port}"
proc_name = "leadership-centre"

# Threads: a request mostly waits for the database or the disk, and kept connections cost no thread.
worker_class = "core.web_worker.WebWorker"
workers = _processes
threads = 8

# The site is loaded once and the processes are forked from it: they share most of their memory, a new one
# is there at once, and a site that cannot start ends the start with its error. What must not be shared
# between processes is given up before the fork (see pre_fork). New code needs a new start, not a HUP.
preload_app = True

# Processes are replaced now and then, so that a slow leak in a library never grows large; the jitter keeps
# them from going at the same moment.
max_requests = 100_000
max_requests_jitter = 20_000

# A stop lets requests end. Platforms kill after 30 s, so this leaves room. A process that does not report
# for `timeout` seconds is replaced; with threads a slow request does not keep it from reporting.
graceful_timeout = 20
timeout = 30
# Longer than the 60 s for which proxies keep idle connections, so that the proxy ends them first: the other
# way round a request may meet a connection just being closed.
keepalive = 65

# Heartbeats are files: on a disk under load, writing one may block.
_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own private files in it
worker_tmp_dir = str(_memory) if os.access(_memory, os.W_OK) else None
# No socket to steer gunicorn from outside: signals are enough.
control_socket_disable = True

# Only these may say that the visitor came by https (X-Forwarded-Proto). Empty: nobody.
forwarded_allow_ips = ",".join(_proxies)

# One line for each request, without address, query string, referrer or browser (core.access_log); none when
# LOG_LEVEL asks for warnings and errors only.
logger_class = "core.access_log.GunicornLogger"
accesslog = "-" if _level in ("DEBUG", "INFO") else None
errorlog = "-"
loglevel = _level.lower()


def pre_fork(server: Any, worker: Any) -> None:
    """Give up the database connections of the first process, before it is copied into another.

    Redis and Sentry notice a fork by themselves. What is loaded by now stays for good: garbage collection need not
    look at it again in each process, which would also copy the memory that the processes share.
    """
    gc.collect()
    gc.freeze()
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)  # PostgreSQL only
        if close_pool is not None:
            close_pool()


def post_worker_init(worker: Any) -> None:
    """Let threads take turns more often than every 5 ms.

    Whoever holds the database's write lock gives up the interpreter with each statement, and would wait so long to
    get it back while other threads are busy: everybody else waits for the lock meanwhile.
    """
    sys.setswitchinterval(0.0005)
