"""Create a login for the first person who edits the site."""

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

LOGIN_FILE = "editor-login.txt"
# No letters that look alike: people type this from a terminal.
ALPHABET = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXYZ234679"


class Command(BaseCommand):
    help = (
        "Create a login that may do everything, with a generated password, and print both."
        f" They are also kept in DATA_DIR/{LOGIN_FILE}, readable by its owner only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="editor", help="default: %(default)s")

    def handle(self, *, username: str, **options: Any) -> None:
        users = get_user_model()._default_manager
        if users.filter(username=username).exists():
            raise CommandError(f"There is a user named {username!r} already. Choose another name with --username.")
        password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
        users.create_superuser(username, password=password)
        keep(settings.DATA_DIR / LOGIN_FILE, f"user name: {username}\npassword: {password}\n")
        self.stdout.write(f"user name: {username}\npassword: {password}")


def keep(path: Path, text: str) -> None:
    """Write a file that only its owner can read, from its first moment on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
