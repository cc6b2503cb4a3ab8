"""Bring the database to where the site can be served: what `script/serve` does before it starts anything."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from core.models import LoadedContent


class Command(BaseCommand):
    help = (
        "Apply migrations, load the starting content if none was ever loaded, and create a login if there is"
        " no user. Run again, it changes nothing. For a site in service, run `migrate` in each release."
    )

    def handle(self, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not LoadedContent.objects.exists():
            call_command("load_content", stdout=self.stdout)
        if not get_user_model()._default_manager.exists():
            call_command("create_editor", stdout=self.stdout)
