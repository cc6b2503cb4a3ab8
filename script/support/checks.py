"""What `script/test` does: make the environment, then run every check and test, and sum up."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from types import FrameType

import environment
import other_wagtail
from environment import PYTHON, ROOT

DESCRIPTION = """\
Run every check and test of the project: formatting, lint, types, import rules, Django's checks, then the
unit and browser tests. All run even when one fails; the exit code says whether all passed.

With arguments, only pytest runs, with these arguments: script/test tests/core -k navigation

On another version of Wagtail, in an environment of its own: script/test --wagtail 8.0.1 [pytest arguments]

What this machine lacks is left out, with a line that says how to get it. With CI=true that is a failure.
"""
# What check --deploy looks at: the site as it is run for people.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SITE_URL": "https://www.example.org",
    "DEBUG": "false",
}
IMPORT_PATH = {"PYTHONPATH": os.pathsep.join((str(ROOT / "site"), str(ROOT)))}
# What runs in the second round: whatever a database has a part in (tests/plugins/uses_of_database.py).
ON_POSTGRESQL = "uses_database and not needs_chromium and not slow"
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}


@dataclass(frozen=True)
class Check:
    """One step: a command, with what is added to its environment."""

    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How a step went. `closing` is the last line that it printed."""

    title: str
    state: str
    seconds: float
    closing: str = ""


def in_ci() -> bool:
    """Tell whether this is continuous integration, where nothing may be left out."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def tool(name: str, *arguments: str) -> list[str]:
    """Give the command line of a tool installed in the environment."""
    return [str(PYTHON.with_name(name)), *arguments]


def manage(*arguments: str) -> list[str]:
    """Give the command line of a management command."""
    return [str(PYTHON), "manage.py", *arguments]


def static_checks(data_dir: str) -> list[Check]:
    """List everything that runs before the tests.

    Args:
        data_dir: an empty folder for what Django writes when it reads production's settings.
    """
    production = PRODUCTION | {"DATA_DIR": data_dir}
    return [
        Check("ruff check", tool("ruff", "check", ".")),
        Check("ruff format", tool("ruff", "format", "--check", ".")),
        Check("djlint", tool("djlint", "--lint", "--quiet", "templates")),
        Check("ty", tool("ty", "check")),
        Check("known holes", [str(PYTHON), "script/support/supply.py", "holes"]),
        Check("lint-imports", tool("lint-imports", "--no-logo"), IMPORT_PATH),
        Check("manage.py check", manage("check", "--fail-level", "WARNING"), TEST_SETTINGS),
        Check("manage.py check --deploy", manage("check", "--deploy", "--fail-level", "WARNING"), production),
        Check("makemigrations --check", manage("makemigrations", "--check", "--dry-run"), TEST_SETTINGS),
    ]


def pytest(*arguments: str) -> list[str]:
    """Give pytest's command line."""
    return [str(PYTHON), "-m", "pytest", *arguments]


def run_quietly(check: Check) -> Outcome:
    """Run a step and print its output only when it fails."""
    start = time.monotonic()
    print(f"  {check.title} ... ", end="", flush=True)
    result = subprocess.run(
        check.command,
        cwd=ROOT,
        env=os.environ | check.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    seconds = time.monotonic() - start
    print(f"{'failed' if result.returncode else 'ok'} in {seconds:.1f} s", flush=True)
    if result.returncode:
        print(result.stdout, flush=True)
    return Outcome(check.title, "failed" if result.returncode else "ok", seconds)


def run_aloud(check: Check) -> Outcome:
    """Run a step, show its output while it runs and remember the last line."""
    start = time.monotonic()
    print(f"  {check.title}", flush=True)
    closing = ""
    with subprocess.Popen(
        check.command,
        cwd=ROOT,
        env=os.environ | check.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                closing = line.strip() or closing
        except KeyboardInterrupt:
            process.terminate()
            raise
    seconds = time.monotonic() - start
    return Outcome(check.title, "failed" if process.returncode else "ok", seconds, closing)


def run_tests() -> list[Outcome]:
    """Run the tests on SQLite, and those without a browser on PostgreSQL too when there is one."""
    postgres = os.environ.get("TEST_DATABASE_URL", "")
    on_sqlite = Check(
        "pytest",
        # What needs PostgreSQL runs in the second round; when there is none, it is reported as skipped.
        pytest("-n", "auto", *(["-m", "not needs_postgresql"] if postgres else [])),
        {"TEST_DATABASE_URL": ""},
    )
    outcomes = [run_aloud(on_sqlite)]
    if postgres:
        on_postgres = Check("pytest on PostgreSQL", pytest("-n", "auto", "-m", ON_POSTGRESQL))
        outcomes.append(run_aloud(on_postgres))
    else:
        print("  pytest on PostgreSQL: left out (set TEST_DATABASE_URL=postgres://user@host/name)")
        outcomes.append(Outcome("pytest on PostgreSQL", "failed" if in_ci() else "left out", 0))
    return outcomes


def run_everything() -> list[Outcome]:
    """Run all checks and tests, whatever fails on the way."""
    data_dir = tempfile.mkdtemp(prefix="leadership-centre-checks-")
    try:
        outcomes = [run_quietly(check) for check in static_checks(data_dir)]
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)
    return outcomes + run_tests()


def sum_up(outcomes: list[Outcome]) -> None:
    """Print each step with its time, and last the closing line of the tests."""
    print("\nSummary")
    for outcome in outcomes:
        print(f"  {outcome.title:<28} {outcome.state:<9} {outcome.seconds:6.1f} s")
    for outcome in outcomes:
        if outcome.closing:
            print(outcome.closing)


def main(arguments: list[str]) -> int:
    """Run what the arguments ask for and return the exit code."""
    if arguments and arguments[0] in ("-h", "--help"):
        parser = argparse.ArgumentParser(
            "script/test", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        parser.add_argument("pytest_arguments", nargs="*", help="what pytest is given")
        parser.print_help()
        return 0
    try:
        environment.prepare("requirements-dev.txt")
        if len(arguments) > 1 and arguments[0] == "--wagtail":
            return other_wagtail.run_tests(arguments[1], arguments[2:])
    except environment.Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    if arguments:
        return subprocess.run(pytest(*arguments), cwd=ROOT, check=False).returncode
    outcomes = run_everything()
    sum_up(outcomes)
    return 1 if any(outcome.state == "failed" for outcome in outcomes) else 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Leave the step that is running, and end its process."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
