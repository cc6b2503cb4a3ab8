"""Move the site from SQLite to PostgreSQL."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from config import environment
from core.backup.stopping import ended_by_signals
from core.moving import Moved, MoveError, move


class Command(BaseCommand):
    help = (
        "Move everything from the SQLite database to an empty PostgreSQL one, and compare each table by count and"
        " checksum. Stop web and worker before. The SQLite file stays as it is; set DATABASE_URL afterwards. Stopped"
        " or failed, it has moved nothing and can be run again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="postgres://user:password@host:5432/name")

    def handle(self, *, url: str, **options: Any) -> None:
        try:
            config = environment.database("The address", url, environment.POSTGRESQL)
            with ended_by_signals():
                move(url, config, self._tell)
        except (ImproperlyConfigured, MoveError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Nothing was moved.")
            sys.exit(130)
        self.stdout.write(
            "Every table has arrived whole. Set DATABASE_URL to the new address, then start web and worker."
        )

    def _tell(self, moved: Moved) -> None:
        self.stdout.write(f"{moved.rows:>9}  {moved.checksum[:16]}  {moved.name}")
