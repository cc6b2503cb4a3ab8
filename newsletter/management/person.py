"""What the commands about one person share: which person."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsletter.models import Subscriber
from newsletter.rights import find


class PersonCommand(BaseCommand):
    """A command about the person with an address, given as an argument or, out of the shell's history, typed in."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", help="the address; left out, it is read from standard input")

    def person(self, options: dict[str, Any]) -> Subscriber:
        """The person.

        Raises:
            CommandError: nobody with that address is known.
        """
        email = options["email"]
        if not email:
            if sys.stdin.isatty():
                self.stderr.write("Email address: ", ending="")
            email = sys.stdin.readline()
        subscriber = find(email)
        if subscriber is None:
            raise CommandError("Nobody with this address is known here.")
        return subscriber
