"""`manage.py erase_person`: erase a person here and at Mailchimp."""

import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from newsletter.management.person import PersonCommand
from newsletter.rights import erase
from newsletter.states import Source

QUESTION = "This erases the person here and at Mailchimp for good. Type yes to go on: "
DONE = (
    "Erased here. Mailchimp is told as soon as a worker runs. An import cannot bring the person back; they themselves "
    "can come back by Mailchimp's own sign-up form."
)


class Command(PersonCommand):
    """Erases a person (UK GDPR Art. 17)."""

    help = "Erase a person from the mailing list, here and at Mailchimp, for good."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        subscriber = self.person(options)
        if not options["yes"]:
            self.stderr.write(QUESTION, ending="")
            if sys.stdin.readline().strip().lower() != "yes":
                raise CommandError("Nothing was erased.")
        erase(subscriber, Source.EDITOR)
        self.stdout.write(DONE)
