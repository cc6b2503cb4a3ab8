"""The project's virtual environment: made once, and again whenever its lock file has changed.

Standard library only: this is what runs when nothing is installed yet.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Failed(Exception):
    """A step could not be done. The message is for people, without a traceback."""


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Print a step's title, and its time when it is done."""
    print(f"  {title} ... ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("not done", flush=True)
        raise
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def run(command: Iterable[str | Path], **environment: str) -> str:
    """Run a command in the project's folder and return what it printed.

    Raises:
        Failed: when it ends with another code than 0, with the last lines of its output.
    """
    result = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if result.returncode:
        raise Failed("\n".join(result.stdout.splitlines()[-40:]) or f"ended with code {result.returncode}")
    return result.stdout


def checksum(paths: Iterable[Path]) -> str:
    """Give one checksum of the names and contents of files, and of this Python's version."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(paths):
        digest.update(f"\0{path}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Stamp:
    """A file that remembers for which checksum something was done."""

    def __init__(self, path: Path, wanted: str) -> None:
        self.path = path
        self.wanted = wanted

    def is_fresh(self) -> bool:
        """Tell whether it was done for just this."""
        return self.path.is_file() and self.path.read_text() == self.wanted

    def write(self) -> None:
        """Remember that it is done."""
        self.path.write_text(self.wanted)


def prepare(lock_name: str) -> None:
    """Make `.venv` with exactly the versions of a lock file. Takes milliseconds when it is there already.

    Raises:
        Failed: when this machine's Python cannot make one, or a package cannot be installed.
    """
    with alone():
        if not _works():
            with step("Making a virtual environment in .venv"):
                _make()
        lock = ROOT / lock_name
        stamp = Stamp(VENV / f"{lock_name}.installed", checksum([lock]))
        if not stamp.is_fresh():
            with step(f"Installing {lock_name}"):
                _install(lock)
                stamp.write()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one process at a time make what several share (.venv, static files); the others wait."""
    with (ROOT / "requirements.txt").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _works() -> bool:
    """Tell whether the environment's Python starts, is new enough and has pip."""
    code = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", code], capture_output=True, check=False).returncode == 0


def _make() -> None:
    try:
        run([sys.executable, "-m", "venv", "--clear", VENV])
    except Failed as failure:
        raise Failed(
            f"{failure}\n{sys.executable} cannot make a virtual environment."
            " Install its venv module (Debian, Ubuntu: apt-get install python3-venv)."
        ) from failure


def _install(lock: Path) -> None:
    options = ["-qq", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    run([PYTHON, "-m", "pip", "install", *options, "--requirement", lock])
