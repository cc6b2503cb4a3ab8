"""Say in plain words whether sign-ups reach Mailchimp, and what to do when not."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from newsletter.checkup import check_all, verdict

MARKS = {"good": "ok", "note": "note", "bad": "PROBLEM"}


class Command(BaseCommand):
    """Check the connection, the worker and the queue."""

    help = (
        "Check the way to Mailchimp: the key, the audience, its fields, the webhook, the worker, and the queue of "
        "sign-ups. Says what to do about each problem; the last line is the verdict. Exit code 0: sign-ups flow; 1: "
        "something must be done. Changes nothing at Mailchimp."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        findings = check_all()
        for finding in [*findings, verdict(findings)]:
            self.stdout.write(f"{MARKS[finding.level]:>8}  {finding.text}")
        if verdict(findings).level == "bad":
            sys.exit(1)
