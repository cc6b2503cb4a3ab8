"""Copy the database and the uploaded files into one archive."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.backup.errors import BackupError
from core.backup.make import make_backup
from core.backup.meter import Meter
from core.backup.stopping import ended_by_signals

KEEP = 14


def number(text: str) -> int:
    """Read a whole number that is not negative.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not (text.isascii() and text.isdecimal()):
        raise ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


class Command(BaseCommand):
    help = (
        "Copy the database and the uploaded files into one archive, while the site goes on. It is read back before it"
        " counts, and encrypted when BACKUP_KEY is set. Copy it to another place afterwards: a backup beside the site"
        " burns with it. Can be stopped at any time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = settings.DATA_DIR / "backups"
        parser.add_argument("--to", type=Path, default=default, metavar="DIR", help=f"the folder (default: {default})")
        parser.add_argument(
            "--keep", type=number, default=KEEP, metavar="N", help="how many stay in it (default: %(default)s; 0: all)"
        )

    def handle(self, *, to: Path, keep: int, **options: Any) -> None:
        meter = Meter(self.stdout)
        try:
            with ended_by_signals():
                path, deleted = make_backup(to.resolve(), keep, meter)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Nothing was left behind.")
            sys.exit(130)
        finally:
            meter.end()
        self.stdout.write(f"{path}  {path.stat().st_size / 1e6:,.1f} MB in {meter.seconds:.1f} s")
        for old in deleted:
            self.stdout.write(f"Deleted {old.name}")
        if not settings.BACKUP_KEY:
            self.stdout.write("Not encrypted, and it holds personal data: set BACKUP_KEY (see .env.example).")
