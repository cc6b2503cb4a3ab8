"""A pytest plugin: tests say what they need of the machine, and are skipped where it is missing.

    @pytest.mark.needs("chromium")
    @pytest.mark.needs("redis", "postgresql")

A skip says how to get what is missing. With CI=true nothing may be missing: such a test fails.
Each need also gives the test a marker of its own (`needs_chromium`), for `-m "not needs_chromium"`.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Need:
    """Something a machine has or lacks, and how to get it."""

    is_there: Callable[[], bool]
    how_to_get: str


def _has_command(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


NEEDS = {
    "chromium": Need(
        lambda: _has_command("chromium", "chromium-browser", "google-chrome"),
        "no Chromium here (Debian: apt-get install chromium fonts-liberation)",
    ),
    "postgresql": Need(
        lambda: os.environ.get("TEST_DATABASE_URL", "").startswith("postgres"),
        "no PostgreSQL here (set TEST_DATABASE_URL=postgres://user@host/name, or run .ci/run)",
    ),
    "redis": Need(
        lambda: bool(os.environ.get("TEST_REDIS_URL")) or _has_command("redis-server"),
        "no Redis here (Debian: apt-get install redis-server, or set TEST_REDIS_URL)",
    ),
    "java": Need(
        lambda: _has_command("java"),
        "no Java here (Debian: apt-get install default-jre-headless)",
    ),
}


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, so that a misspelt one is an error."""
    config.addinivalue_line("markers", f"needs(*names): what the machine must have, of: {', '.join(NEEDS)}")
    for name in NEEDS:
        config.addinivalue_line("markers", f"needs_{name}: set by needs({name!r})")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test the marker of each of its needs, before `-m` chooses."""
    for item in items:
        for name in _names(item):
            item.add_marker(f"needs_{name}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose needs are not met; in continuous integration, fail it."""
    missing = [NEEDS[name].how_to_get for name in _names(item) if not NEEDS[name].is_there()]
    if not missing:
        return
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(f"may not be skipped with CI=true: {'; '.join(missing)}", pytrace=False)
    pytest.skip("; ".join(missing))


def _names(item: pytest.Item) -> list[str]:
    """List what a test needs.

    Raises:
        pytest.UsageError: when it names something unknown.
    """
    names = [name for marker in item.iter_markers("needs") for name in marker.args]
    if unknown := sorted(set(names) - NEEDS.keys()):
        raise pytest.UsageError(f"{item.nodeid} needs {', '.join(unknown)}; known are {', '.join(NEEDS)}")
    return names
