"""Real processes of the site for the tests here: gunicorn and the worker, on a database of their own.

The test's own process holds the stand-in for Mailchimp and reads the site's database by plain SQL, so what a test
sees is what the processes wrote, not what Django remembers.
"""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import pytest

from tests.reliability.databases import LONG_AGO, Database

ROOT = Path(__file__).resolve().parents[2]
# The mark of each module here: it is the site's processes that use a database, not the test's own.
OF_DATABASE = [pytest.mark.uses_database]
START_SECONDS = 60
# A platform kills 30 s after SIGTERM; the site promises to be gone before.
STOP_SECONDS = 25
PR_SET_PDEATHSIG = 1  # linux/prctl.h

T = TypeVar("T")


def until(condition: Callable[[], T], seconds: float, what: str = "it", pause: float = 0.02) -> T:
    """Wait for something to become true and give it; fail after so many seconds. `pause` is between two looks."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds} s"
        time.sleep(pause)
    return result


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


# --- Requests ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """A whole answer of the site; `seconds` from the begin of connecting to its last byte."""

    status: int
    headers: dict[str, str]
    body: str
    seconds: float


class Dropped(Exception):
    """A connection was made and closed again without a whole answer."""


def request(port: int, path: str, form: dict[str, str] | None = None, timeout: float = 60) -> Answer:
    """Ask for a page, or send a form as a browser without JavaScript does, over a connection of its own.

    Raises:
        ConnectionRefusedError: nobody listens.
        Dropped: somebody took the connection and did not answer in full.
    """
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    connection.connect()
    origin = {"Origin": f"http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"}
    try:
        if form is None:
            connection.request("GET", path)
        else:
            headers = origin | {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, urlencode(form), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        raise Dropped(type(error).__name__) from error
    finally:
        connection.close()
    return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body, time.monotonic() - began)


def accepted(port: int) -> int:
    """How many connections to a port a process on this machine has accepted and still has open (Linux).

    One that the kernel has finished and nobody has accepted yet belongs to no file: its inode is 0.
    """
    found = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        is_ours = fields[1] == f"0100007F:{port:04X}"
        found += is_ours and fields[3] == "01" and fields[9] != "0"
    return found


def end_with_parent() -> None:
    """Have Linux end this process should the tests be killed without a chance to end it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# --- The site ----------------------------------------------------------------------------------------


class Running:
    """A process of the site, and what it printed."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.name, self.log = name, log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    @property
    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL, to it and to all that it started: nothing more is written."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """SIGTERM; give the seconds until it has ended in order."""
        began = time.monotonic()
        self.process.terminate()
        self.process.wait(STOP_SECONDS + 10)
        assert self.process.returncode == 0, f"ended with {self.process.returncode}:\n{self.printed}"
        return time.monotonic() - began


class Site:
    """One site: a database, a data folder, and processes that a test starts.

    `mailchimp` is the stand-in, in this process or in another: what tells its key, audience and address.
    """

    def __init__(self, database: Database, folder: Path, mailchimp: Any, **settings: str) -> None:
        self.database, self.folder, self.mailchimp = database, folder, mailchimp
        self.port = free_port()
        self._started: list[Running] = []
        ours = ("SECRET_KEY", "ENV_FILE", "REDIS_URL", "EMAIL_URL", "TRUSTED_PROXIES", "ALLOWED_HOSTS", "DEBUG")
        self.environment = {name: value for name, value in os.environ.items() if name not in ours} | {
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DATABASE_URL": database.url,
            "DATA_DIR": str(folder),
            "ENV_FILE": os.devnull,
            "SECRET_KEY": "only-for-tests",
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "LOG_LEVEL": "INFO",
            "MAILCHIMP_API_KEY": mailchimp.api_key,
            "MAILCHIMP_AUDIENCE_ID": mailchimp.audience_id,
            "MAILCHIMP_BASE_URL": mailchimp.base_url,
            # All sign-ups come from this machine.
            "SIGNUP_LIMIT_PER_IP": "0",
            "SIGNUP_LIMIT_GLOBAL": "0",
            **settings,
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr[-2000:]
        return result.stdout

    def start_worker(self) -> Running:
        """Start `manage.py worker`."""
        return self._start("worker", [sys.executable, "manage.py", "worker"])

    def start_web(self, application: str = "", ready: int = 200, port: int = 0) -> Running:
        """Start gunicorn as the Procfile does, and wait until it answers.

        Args:
            application: another WSGI application than the site.
            ready: the status that it answers with.
            port: another one than the site's own.
        """
        command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py"]
        command += ["--bind", f"127.0.0.1:{port or self.port}", *([application] if application else [])]
        web = self._start("web", command)
        until(lambda: self._answers(web, ready, port or self.port), START_SECONDS, "the first answer")
        return web

    def end_workers(self) -> None:
        """Kill the workers that are still there."""
        for running in self._started:
            if running.name == "worker":
                running.kill()

    def end_all(self) -> None:
        """Kill what is still there."""
        for running in self._started:
            running.kill()

    def get(self, path: str) -> Answer:
        return request(self.port, path)

    def sign_up(self, email: str, **fields: str) -> Answer:
        """Send the form."""
        return request(self.port, "/newsletter/", {"email": email, **fields})

    # What stands in the database

    def state_of(self, email: str) -> str | None:
        return self.database.value("SELECT state FROM newsletter_subscriber WHERE email_key = ?", email.lower())

    def subscribers(self) -> set[str]:
        return {email for (email,) in self.database.rows("SELECT email_key FROM newsletter_subscriber")}

    def open_entries(self) -> int:
        return self.database.value("SELECT count(*) FROM newsletter_outboxentry WHERE done_at IS NULL")

    def claimed_entries(self) -> int:
        """Entries that a worker has in hand, or had when it was killed."""
        return self.database.value("SELECT count(*) FROM newsletter_outboxentry WHERE lease_holder <> ''")

    def end_leases(self) -> None:
        """Let the time pass that a killed worker's rights last, without waiting for it."""
        self.database.rows("UPDATE core_lease SET expires_at = ?", LONG_AGO)
        self.database.rows("UPDATE newsletter_outboxentry SET lease_until = ? WHERE lease_until IS NOT NULL", LONG_AGO)

    def _start(self, name: str, command: list[str]) -> Running:
        running = Running(name, command, self.environment, self.folder / f"{name}-{len(self._started)}.log")
        self._started.append(running)
        return running

    def _answers(self, web: Running, status: int, port: int) -> bool:
        assert web.is_running, web.printed
        with contextlib.suppress(ConnectionRefusedError, Dropped):
            return request(port, "/health/live/").status == status
        return False
