"""A pytest plugin: which tests stay together in one process when several processes share the work.

The marks that pytest-xdist has for this do nothing from pytest 9.2 on: it writes them into the tests' names, which are
no longer its to change (https://github.com/pytest-dev/pytest-xdist/issues/1386). Here folders and modules say it.
"""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# The beginnings of paths, with the group that they belong to. Groups begin first, as they take long: the largest first.
GROUPS = {
    "tests/browser/": "browser",  # all share one running site
    # One after another, as they measure times and use whole processors.
    "tests/reliability/": "processes",
    "tests/ops/test_serve.py": "processes",
    "tests/roles/": "roles",
}


class Groups(LoadScopeScheduling):
    """Gives a process a whole group, and otherwise one test after another."""

    def _split_scope(self, nodeid: str) -> str:
        return next((group for path, group in GROUPS.items() if nodeid.startswith(path)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Use them, whatever `--dist` says."""
    return Groups(config, log)
