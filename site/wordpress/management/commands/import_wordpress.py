"""Bring over an export of a WordPress site."""

import signal
import sys
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core import leases
from wordpress import report
from wordpress.export import ExportError
from wordpress.plan import STORIES
from wordpress.run import Import, Options, SiteNotReady

BAR = 30
# Where there is no terminal, a line is written for each so many hundredths.
STEP = 10
# Seconds after which a run that was killed may be begun again.
LEASE_SECONDS = 120


def folder(text: str) -> Path:
    """A folder that is there.

    Raises:
        ArgumentTypeError: it is not.
    """
    path = Path(text)
    if not path.is_dir():
        raise ArgumentTypeError(f"{text} is no folder")
    return path


class Command(BaseCommand):
    """Bring over posts, pages, pictures and documents, and write a report."""

    help = (
        "Bring over posts, pages, pictures and documents of a WordPress site from its export (Tools, Export there). "
        "It can be stopped and run again at any time: what is here already is not touched. Nothing is fetched from the "
        "network. See docs/moving-from-wordpress.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("exports", type=Path, nargs="+", metavar="export", help="what WordPress wrote (WXR, .xml)")
        parser.add_argument("--dry-run", action="store_true", help="write nothing but the report")
        parser.add_argument("--media", type=folder, help="a copy of the folder wp-content/uploads")
        parser.add_argument(
            "--stories",
            action="append",
            metavar="SLUG",
            help="category or type of posts that are case stories; can be given more than once "
            f"(default: {', '.join(STORIES)})",
        )
        parser.add_argument("--report", type=Path, help="where to write the report (default: a new file in DATA_DIR)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when the run was stopped, or an item failed.

        Raises:
            CommandError: nothing could be begun, or the report could not be written.
        """
        asked = Options(options["exports"], options["media"], tuple(options["stories"] or STORIES), options["dry_run"])
        with leases.hold("import_wordpress", LEASE_SECONDS) as lease:
            if lease is None:
                raise CommandError("Another run is under way, or was killed less than two minutes ago. Wait for it.")
            self._shown, self._lease, self._extended_at = "", lease, timezone.now()
            run = Import(asked, self._show)
            try:
                with self._stoppable(run):
                    run.run()
            except (ExportError, SiteNotReady) as error:
                raise CommandError(str(error)) from error
        self._tell(run, options["report"] or self._report_path())

    @contextmanager
    def _stoppable(self, run: Import) -> Iterator[None]:
        """Let Ctrl-C and a polite kill end the run after the item at hand."""

        def stop(*args: Any) -> None:
            run.is_stopped = True

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _show(self, what: str, done: int, total: int) -> None:
        """Show how far it is: as a bar on a terminal, elsewhere as a line for each tenth."""
        now = timezone.now()
        if (now - self._extended_at).total_seconds() > LEASE_SECONDS / 4:
            self._lease.extend(LEASE_SECONDS)
            self._extended_at = now
        percent = 100 * done // total
        if self.stdout.isatty():
            bar = "█" * (BAR * done // total)
            text, end = f"\r{what:6} {bar:░<{BAR}} {done}/{total}", "\n" if done == total else ""
        else:
            text, end = f"{what}: {percent // STEP * STEP}% of {total}", "\n"
        if text != self._shown:
            self._shown = text
            self.stdout.write(text, ending=end)
            self.stdout.flush()

    @staticmethod
    def _report_path() -> Path:
        return Path(settings.DATA_DIR) / "imports" / f"wordpress-{timezone.localtime():%Y-%m-%d-%H%M%S}.csv"

    def _tell(self, run: Import, path: Path) -> None:
        """Write the report, and say what is in it."""
        lines = list(run.lines.values())
        try:
            report.write_report(path, lines)
        except OSError as error:
            raise CommandError(f"The report cannot be written to {path}: {error.strerror}.") from error
        if run.options.is_dry:
            self.stdout.write("Nothing was written: this is what would become of the items.")
        for words in report.summary(lines):
            self.stdout.write(words)
        self.stdout.write(f"Report: {path}")
        if run.is_stopped:
            self.stdout.write("Stopped. Run the same command again to go on.")
        if run.is_stopped or any(line.outcome == report.FAILED for line in lines):
            sys.exit(1)
