"""Let a person in again whose telephone and recovery codes are lost."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor


class Command(BaseCommand):
    help = (
        "Forget a person's second factor and recovery codes, and end their sessions. They sign in with their password"
        " and set up an app anew. Make sure first that it is they who ask."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = get_user_model()._default_manager.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user named {username!r}.")
        second_factor.reset(user)
        self.stdout.write(f"{username} signs in with the password alone, once, and sets up a second factor anew.")
