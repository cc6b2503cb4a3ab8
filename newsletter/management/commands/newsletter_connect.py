"""Connect the site with the audience at Mailchimp, or mend the connection."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from newsletter.connect import connect, disconnect

MARKS = {"good": "ok", "note": "note", "bad": "PROBLEM"}


class Command(BaseCommand):
    """Check the audience, make its field and its webhook."""

    help = (
        "Check the key, the account, the audience and its fields; make the field PREFS and the webhook, or mend them; "
        "then have the worker compare the whole audience. Prints what it did. Safe to repeat: do so after changing "
        "SITE_URL, SECRET_KEY or MAILCHIMP_WEBHOOK_SECRET. Exit code 0: connected; 1: something must be done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove this site's webhook, and do nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for finding in disconnect() if options["remove"] else connect():
            self.stdout.write(f"{MARKS[finding.level]:>8}  {finding.text}")
            failed |= finding.level == "bad"
        if failed:
            sys.exit(1)
