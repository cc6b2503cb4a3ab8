"""Compare the mailing list here with the one at Mailchimp now."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsletter.models import Reconciliation
from newsletter.reconcile import reconcile


class Command(BaseCommand):
    """Run one comparison, or go on with one that broke off."""

    help = (
        "Compare the mailing list here with the one at Mailchimp and mend what differs here: what changed since the "
        "last time, or everything. The worker does the first every hour. It can be stopped and run again: it goes on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", help="the whole audience (one call for 1,000 contacts)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when it did not come to its end."""
        run = reconcile(full=options["full"], progress=self._show)
        if self.stdout.isatty():
            self.stdout.write("")
        if run is None:
            self.stdout.write("Nothing was compared: Mailchimp is not connected, paused, or another one is running.")
            sys.exit(1)
        self.stdout.write(f"{run.get_extent_display()}:")
        for name in ("seen", "imported", "changed", "missing", "sent_again"):
            label = Reconciliation._meta.get_field(name).verbose_name
            self.stdout.write(f"{getattr(run, name):8} {label}")
        if run.error:
            self.stdout.write(f"It stopped: {run.error}")
            sys.exit(1)

    def _show(self, run: Reconciliation) -> None:
        """Progress, for a person who watches."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{run.seen} contacts seen", ending="")
            self.stdout.flush()
