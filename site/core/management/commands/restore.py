"""Bring a backup back."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.backup.errors import BackupError
from core.backup.meter import Meter
from core.backup.restore import restore
from core.backup.stopping import ended_by_signals


class Command(BaseCommand):
    help = (
        "Bring the database and the uploaded files back from an archive that `backup` made. The archive is read in full"
        " first; when it is damaged, or anything fails, the site stays as it was. Stop web and worker before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, help="the file")
        parser.add_argument("--replace", action="store_true", help="when there is a site: lose it")

    def handle(self, *, archive: Path, replace: bool, **options: Any) -> None:
        meter = Meter(self.stdout)
        try:
            with ended_by_signals():
                manifest, advice = restore(archive, replace=replace, progress=meter)
        except BackupError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped. Run it again to be sure that database and files belong together.")
            sys.exit(130)
        finally:
            meter.end()
        self.stdout.write(f"The site is as it was on {manifest.made_at} (in {meter.seconds:.1f} s).")
        for sentence in advice:
            self.stdout.write(sentence)
