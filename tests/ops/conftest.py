"""Fixtures of the tests of the worker."""

from types import SimpleNamespace

import pytest


@pytest.fixture
def keep_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker close no connection: here it is the test's own, with its transaction."""
    monkeypatch.setattr("core.worker.clock.connections", SimpleNamespace(close_all=lambda: None))
    monkeypatch.setattr("core.worker.tasks.close_old_connections", lambda: None)
