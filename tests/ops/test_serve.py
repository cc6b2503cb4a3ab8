"""`script/serve`: one command from nothing to a running site, and one key to end it."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVE = ROOT / "script" / "serve"


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SERVE, *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_help_says_what_it_does() -> None:
    result = serve("--help")
    assert result.returncode == 0
    for word in ("--port", "--dev", "DATA_DIR", "MAILCHIMP_API_KEY"):
        assert word in result.stdout


def test_a_taken_port_is_one_clear_line(taken_port: int) -> None:
    result = serve("--port", str(taken_port))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert str(taken_port) in result.stderr and "--port" in result.stderr


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "8000 ", "²", ""])
def test_a_wrong_port_is_one_clear_line(port: str) -> None:
    result = serve(f"--port={port}")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert repr(port) in result.stderr


def test_an_unknown_argument_is_one_clear_line() -> None:
    result = serve("--prot", "8123")
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)


def test_an_old_python_is_one_clear_line(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    for name in ("dirname", "sh"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    result = subprocess.run(
        [SERVE], env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "Python 3.11 or newer" in result.stderr and "Python 3.9.2" in result.stderr


class Site:
    """A site started by `script/serve` with a data folder of its own."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAILCHIMP_")}
        self.process = subprocess.Popen(
            [SERVE, "--port", str(port)],
            cwd="/",
            env=environment | {"DATA_DIR": str(data_dir), "DATABASE_URL": "", "MAILCHIMP_API_KEY": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # as in the background
        )
        self.output = self._read_until("Ctrl-C ends everything.")

    def _read_until(self, text: str) -> str:
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if text in line:
                return "".join(lines)
        raise AssertionError(f"it ended before it said {text!r}:\n{''.join(lines)}")

    def stop(self) -> float:
        """Press Ctrl-C; give the seconds until it has ended."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(40)
        return time.monotonic() - start


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def processes_about(text: str) -> dict[int, str]:
    """The command lines of running processes whose environment or command line has a text, by their numbers."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes()
                if text.encode() in command + (entry / "environ").read_bytes():
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode()
            except (OSError, ProcessLookupError):
                continue
    return found


def log_in(address: str, username: str, password: str) -> str:
    """Log in as a browser does, and give the address that it ends at."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), urllib.request.ProxyHandler({})
    )
    page = browser.open(f"{address}/admin/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token[1], "next": "/admin/"}
    return browser.open(f"{address}/admin/login/", urllib.parse.urlencode(form).encode()).url


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes left over in /proc")
def test_from_nothing_to_a_running_site_and_ended_without_a_trace(tmp_path: Path) -> None:
    data_dir = tmp_path / "a folder"
    site = Site(data_dir, free_port())
    try:
        with urllib.request.urlopen(site.address + "/") as answer:
            assert answer.status == 200
            assert answer.headers["Set-Cookie"] is None
        stand_in = re.search(r"stand-in, .*: (http://\S+)", site.output)
        assert stand_in is not None
        assert urllib.request.urlopen(stand_in[1]).status == 200
        login = re.search(r"user name: (\S+) +password: (\S+)", site.output)
        assert login is not None
        assert log_in(site.address, login[1], login[2]) == f"{site.address}/admin/"
        assert (data_dir / "editor-login.txt").stat().st_mode & 0o777 == 0o600
        assert (data_dir / "site.sqlite3").stat().st_mode & 0o077 == 0
        assert len(processes_about(str(data_dir))) >= 4
    finally:
        seconds = site.stop()
    assert seconds < 25
    assert site.process.returncode == 0
    assert processes_about(str(data_dir)) == {}

    again = Site(data_dir, free_port())
    try:
        assert "password:" not in again.output and "editor-login.txt" in again.output
        assert urllib.request.urlopen(again.address + "/health/ready/").status == 200
        time.sleep(5)  # what ends sooner after its start is not started again: processes.SOON_SECONDS
        for kind in KINDS:
            kill_one(again, data_dir, kind)
    finally:
        again.stop()
    assert processes_about(str(data_dir)) == {}


# The processes beneath `script/serve`, by a part of their command lines. Of the web server's the eldest has a part of
# its own: it holds the others.
KINDS = {
    "a web process": "-m gunicorn",
    "the worker": "manage.py worker",
    "the stand-in for Mailchimp": "tests.mailchimp_sandbox",
    "the web server": "-m gunicorn",
}


def processes_of(data_dir: Path, kind: str) -> set[int]:
    found = {pid for pid, command in processes_about(str(data_dir)).items() if KINDS[kind] in command}
    eldest = {pid for pid in found if parent_of(pid) not in found}
    return {"the web server": eldest, "a web process": found - eldest}.get(kind, found)


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except FileNotFoundError:
        return 0


def kill_one(site: Site, data_dir: Path, kind: str) -> None:
    """Kill one process while somebody reads on: another takes its place, and those of other kinds go on."""
    before = {each: processes_of(data_dir, each) for each in KINDS}
    victim = before[kind].pop()
    with Reader(site.address) as reader:
        began = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        while len(processes_of(data_dir, kind)) <= len(before[kind]) or not reader.has_seen(began):
            assert time.monotonic() - began < 40, f"{kind} did not come back"
            time.sleep(0.1)
        seconds = time.monotonic() - began
    print(f"{kind}: back within {seconds:.1f} s, {len(reader.failures)} of {reader.asked} requests failed")
    assert victim not in processes_of(data_dir, kind)
    if kind == "the web server":  # those that it held end with it, and others come
        return
    # A request in the hands of the very process that was killed has no answer.
    assert len(reader.failures) <= (kind == "a web process")
    for each in KINDS:
        assert before[each] <= processes_of(data_dir, each), f"{each} did not go on when {kind} was killed"


class Reader:
    """Somebody who reads a page ten times a second, for the length of a `with` block."""

    def __init__(self, address: str) -> None:
        self.address, self.asked, self.failures = address, 0, list[str]()
        self._seen_at = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def has_seen(self, since: float) -> bool:
        """Whether the site has answered two seconds after a moment or later."""
        return self._seen_at > since + 2

    def __enter__(self) -> "Reader":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._over.wait(0.1):
            self.asked += 1
            try:
                urllib.request.urlopen(f"{self.address}/search/?q=places", timeout=20).read()
                self._seen_at = time.monotonic()
            except OSError as error:
                self.failures.append(repr(error))


STUCK_WORKER = """
import os, sys, time
from datetime import timedelta
sys.path[:0] = [sys.argv[1], sys.argv[1] + "/site"]
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
import django
django.setup()
from django.db import connection
from django_tasks_db.models import DBTaskResult
from core.models import Lease
from core.worker import process
from core.worker.jobs import Job

with connection.schema_editor() as editor:  # all that a worker needs, and much quicker than to migrate
    editor.create_model(Lease)
    editor.create_model(DBTaskResult)

def stuck():
    print("stuck", flush=True)
    time.sleep(600)

process.all_jobs = lambda: [Job("stuck", timedelta(hours=1), stuck)]
process.STOP_SECONDS = 1
worker = process.WorkerProcess()
worker.stop_on_signals()
worker.run()
"""


def test_a_worker_with_a_job_that_hangs_ends_in_time(tmp_path: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", STUCK_WORKER, str(ROOT)],
        env=os.environ | {"DATA_DIR": str(tmp_path), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "stuck\n"
        worker.terminate()
        _, errors = worker.communicate(timeout=30)
    finally:
        worker.kill()
    assert worker.returncode == 0
    assert '"jobs": ["stuck"]' in errors
