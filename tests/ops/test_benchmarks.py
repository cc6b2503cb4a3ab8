"""Benchmarks are run by hand and seldom: that they can be started is looked at each time."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Parts of others, which are not started by themselves.
PARTS = {"__init__", "hello", "load", "many_records", "probes"}
STARTED = sorted({path.stem for path in (ROOT / "tests/benchmarks").glob("*.py")} - PARTS)


@pytest.mark.parametrize("name", STARTED)
def test_a_benchmark_can_be_started_and_says_what_it_does(name: str) -> None:
    command = [sys.executable, "-m", f"tests.benchmarks.{name}", "--help"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert "usage:" in ended.stdout
