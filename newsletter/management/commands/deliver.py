"""Deliver waiting sign-ups to Mailchimp now."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsletter.delivery import RUN_SECONDS, deliver_due
from newsletter.models import OutboxEntry


class Command(BaseCommand):
    """Deliver what is due once, and print counts."""

    help = (
        "Deliver the sign-ups that are due to Mailchimp, once, and print what became of them. The worker does this "
        "by itself; the command is for looking. It can be stopped and run again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seconds",
            type=float,
            default=RUN_SECONDS,
            help=f"begin no delivery after so many seconds (default: {RUN_SECONDS:.0f})",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 when deliveries could not be made at all."""
        report = deliver_due(options["seconds"])
        for what, count in sorted(report.counts.items()):
            self.stdout.write(f"{count:6} {what}")
        waiting = OutboxEntry.objects.open()
        held = waiting.filter(held_at__isnull=False).count()
        self.stdout.write(f"{waiting.count() - held:6} left in the outbox, {held} held for an editor")
        if report.stopped:
            self.stdout.write(f"Stopped: {report.stopped}")
            sys.exit(1)
