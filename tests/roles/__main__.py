"""Write the matrix anew, after a view was added or rights were changed. Look at what differs before you commit it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Make a database, ask for everything, write `matrix.csv`, and drop the database."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from django.db import transaction
    from django.test.runner import DiscoverRunner

    from tests.conftest import build_tree
    from tests.roles.asking import make_rows, write

    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    rows = []
    for method in ("GET", "POST"):
        with transaction.atomic():
            rows += make_rows(build_tree(), method)
            transaction.set_rollback(True)
    runner.teardown_databases(databases)
    file = write(rows)
    print(f"Of {len(rows)} rows those that are to be kept are in {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
