"""The tests on another version of Wagtail than the pinned one: `script/test --wagtail 8.0.1 [pytest arguments]`.

In an environment of its own: what is pinned first, then that Wagtail with whatever it asks for. Standard library only.
"""

import re
import subprocess
from pathlib import Path

import environment
from environment import ROOT, Failed, Stamp, checksum, run, step

LOCK = ROOT / "requirements-dev.txt"


def run_tests(version: str, arguments: list[str]) -> int:
    """Make the environment unless it is there, run pytest in it, and give its exit code.

    Raises:
        Failed: the version is none, or cannot be installed.
    """
    if not re.fullmatch(r"\d+(\.\w+)+", version):
        raise Failed(f"{version!r} is no version of Wagtail: it must look like 8.0.1")
    folder = ROOT / f".venv-wagtail-{version}"
    python = folder / "bin" / "python"
    with environment.alone():
        stamp = Stamp(folder / "installed", checksum([LOCK]))
        if not stamp.is_fresh():
            with step(f"Making an environment with Wagtail {version}"):
                _make(folder, python, version)
                stamp.write()
    command = [str(python), "-m", "pytest", *(arguments or ["-n", "auto"])]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def _make(folder: Path, python: Path, version: str) -> None:
    run([environment.PYTHON, "-m", "venv", "--clear", folder])
    quietly = [python, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    run([*quietly, "--require-hashes", "--requirement", LOCK])
    run([*quietly, f"wagtail=={version}"])
