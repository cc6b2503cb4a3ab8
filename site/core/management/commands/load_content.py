"""Load the site's starting content."""

from typing import Any

from django.core.management.base import BaseCommand

from core.content import load_all


class Command(BaseCommand):
    """Add the pages, documents and settings the site starts with."""

    help = "Load the site's starting content. Run again, it changes nothing, and it never undoes an editor's work."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_all()
        self.stdout.write(f"Content loaded: {added} new." if added else "Content is in place already: nothing changed.")
