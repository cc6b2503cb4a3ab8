"""What `script/serve` does: everything from a bare machine with Python to a running site."""

import argparse
import http.client
import os
import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

import environment
from environment import PYTHON, ROOT, VENV, Failed, Stamp, checksum, run, step
from processes import Group

DESCRIPTION = """\
Serve the site on this machine, by default at http://127.0.0.1:8000/. Makes what is missing (a virtual
environment, static files, the database, the starting content, a login for editing) and starts the web server,
the worker and, when no MAILCHIMP_API_KEY is set, a stand-in for Mailchimp. One of them that is killed is started
again, and the others go on meanwhile. Ctrl-C ends everything.

Settings are read from the environment and from .env (see .env.example). Data is kept in var/, or in DATA_DIR.
"""
# How long the web server may take to answer for the first time.
START_SECONDS = 90
STATIC_FOLDERS = [ROOT / "static", *ROOT.glob("*/static"), *ROOT.glob("site/*/static")]
MANIFEST = ROOT / "staticfiles" / "staticfiles.json"
LOGIN_FILE = "editor-login.txt"
# What the stand-in for Mailchimp takes: shaped as the real ones are, and no secrets.
STAND_IN_KEY = "0123456789abcdef0123456789abcdef-us1"
STAND_IN_AUDIENCE = "a1b2c3d4e5"


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def port_number(text: str) -> int:
    """Read a port number.

    Raises:
        argparse.ArgumentTypeError: when it is not one.
    """
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: it must be a number from 1 to 65535")
    return int(text)


def read_arguments(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; errors and --help end the process."""
    parser = OneLineParser(
        prog="script/serve",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=port_number, default=8000, help="the port on 127.0.0.1 (default: 8000)")
    parser.add_argument("--dev", action="store_true", help="for changing the code: shows errors, reloads on change")
    return parser.parse_args(arguments)


def problem_with_port(port: int) -> str | None:
    """Tell why a port cannot be used, in words; None when it can."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror
    return None


def free_port(after: int) -> int:
    """Find the next port that nothing listens on."""
    candidates = [*range(after + 1, min(after + 200, 65536)), 0]
    return next(port for port in candidates if problem_with_port(port) is None)


def enter_environment() -> None:
    """Make the virtual environment and go on inside it, where the project's libraries are."""
    environment.prepare("requirements.txt")
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), __file__, *sys.argv[1:]])  # noqa: S606 - no shell is meant


def settings_for(port: int, development: bool) -> dict[str, str]:
    """Give the environment of the site's processes: ours and .env, with what serving here asks for.

    Makes the data folder when it is missing, for its owner only.
    """
    import environ

    environ.Env.read_env(ROOT / ".env")
    asked = dict(os.environ)
    data_dir = ROOT / (asked.get("DATA_DIR") or "var")
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return asked | {
        "DJANGO_SETTINGS_MODULE": f"config.settings.{'development' if development else 'production'}",
        "DEBUG": "true" if development else "false",
        # Served on loopback by plain http, whatever .env says about the public site.
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "",
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        # Warnings and errors only, unless somebody wants more.
        "LOG_LEVEL": asked.get("LOG_LEVEL") or ("INFO" if development else "WARNING"),
        "PYTHONUNBUFFERED": "1",
    }


def collect_static(settings: dict[str, str]) -> None:
    """Collect, hash and compress the static files, unless that was done for just these."""
    sources = [path for folder in STATIC_FOLDERS for path in folder.rglob("*") if path.is_file()]
    stamp = Stamp(VENV / "static.collected", checksum([*sources, ROOT / "requirements.txt"]))
    with environment.alone():
        if stamp.is_fresh() and MANIFEST.exists():
            return
        with step("Collecting and compressing static files"):
            run([PYTHON, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"], **settings)
            stamp.write()


def stand_in_for_mailchimp(settings: dict[str, str], port: int) -> list[str] | None:
    """Point the settings at a stand-in and give its command line; None when there is a key."""
    if settings.get("MAILCHIMP_API_KEY"):
        return None
    stand_in_port = free_port(port)
    settings |= {
        "MAILCHIMP_API_KEY": STAND_IN_KEY,
        "MAILCHIMP_AUDIENCE_ID": STAND_IN_AUDIENCE,
        "MAILCHIMP_BASE_URL": f"http://127.0.0.1:{stand_in_port}/3.0",
    }
    return [
        *(str(PYTHON), "-m", "tests.mailchimp_sandbox", "--quiet", "--double-opt-in"),
        *("--port", str(stand_in_port)),
        *("--api-key", settings["MAILCHIMP_API_KEY"]),
        *("--audience", settings["MAILCHIMP_AUDIENCE_ID"]),
        *("--state", str(Path(settings["DATA_DIR"]) / "mailchimp-stand-in.json")),
    ]


def web_server(port: int, development: bool) -> list[str]:
    """Give the command line of the web server."""
    if development:
        return [str(PYTHON), "manage.py", "runserver", f"127.0.0.1:{port}"]
    return [
        *(str(PYTHON), "-m", "gunicorn", "--config", "gunicorn.conf.py"),
        *("--bind", f"127.0.0.1:{port}"),
    ]


def answers(port: int) -> bool:
    """Tell whether the site says that it can serve people."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/health/ready/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def set_up(settings: dict[str, str], development: bool) -> str:
    """Make static files, database, content and a login, as far as they are missing; say how to log in."""
    if not development:
        collect_static(settings)
    # The database and its copies hold personal data: for the owner's eyes only.
    os.umask(0o077)
    login = Path(settings["DATA_DIR"]) / LOGIN_FILE
    had_login = login.exists()
    with step("Preparing database and content"):
        run([PYTHON, "manage.py", "set_up"], **settings)
    if not login.exists():
        return "with your own login"
    place = login.relative_to(ROOT) if login.is_relative_to(ROOT) else login
    if had_login:
        return f"the login as first made is in {place}"
    return f"{'  '.join(login.read_text().splitlines())}  (kept in {place})"


def start_all(group: Group, port: int, development: bool) -> None:
    """Start everything and wait until the site answers, or until told to stop.

    Raises:
        Failed: when something ends or the site does not answer in time.
    """
    stand_in = stand_in_for_mailchimp(group.environment, port)
    if stand_in:
        group.start("the stand-in for Mailchimp", stand_in)
    group.start("the web server", web_server(port, development))
    group.start("the worker", [str(PYTHON), "manage.py", "worker", *(["--reload"] if development else [])])
    deadline = time.monotonic() + START_SECONDS
    ended = group.wait(until=lambda: answers(port) or time.monotonic() > deadline)
    if ended:
        raise Failed(f"{ended}, so everything was ended.")
    if time.monotonic() > deadline:
        raise Failed(f"The site did not answer within {START_SECONDS} seconds, so everything was ended.")


def announce(port: int, login: str, settings: dict[str, str]) -> None:
    """Print where everything is."""
    mailchimp = "the account of MAILCHIMP_API_KEY"
    if settings["MAILCHIMP_API_KEY"] == STAND_IN_KEY:
        page = settings.get("MAILCHIMP_BASE_URL", "").removesuffix("3.0")
        mailchimp = f"a stand-in, as no MAILCHIMP_API_KEY is set: {page}"
    print(f"\nThe site     http://127.0.0.1:{port}/")
    print(f"Editing      http://127.0.0.1:{port}/admin/  {login}")
    print(f"Mailchimp    {mailchimp}")
    print("Ctrl-C ends everything.", flush=True)


def serve(port: int, development: bool) -> None:
    """Prepare everything and run the site until it is stopped.

    Raises:
        Failed: when a step fails, or a process ends by itself soon after its start.
    """
    enter_environment()
    settings = settings_for(port, development)
    login = set_up(settings, development)
    group = Group(ROOT, settings)
    group.stop_on_signals()
    try:
        with step("Starting"):
            start_all(group, port, development)
        if not group.stopping:
            announce(port, login, settings)
        ended = group.look_after()
    finally:
        group.stop()
    if ended:
        raise Failed(f"{ended}, soon after it was started, so everything was ended.")


def main(arguments: list[str]) -> int:
    """Check the command line, serve, and return the exit code."""
    asked = read_arguments(arguments)
    if problem := problem_with_port(asked.port):
        print(f"Port {asked.port} cannot be used: {problem}. Choose another with --port.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    # A mask that hides what is made from its own maker would stop every step.
    os.umask(0o022)
    try:
        serve(asked.port, asked.dev)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Leave the step that is being done, and with it end the process it is waiting for."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
