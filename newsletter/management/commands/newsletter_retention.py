"""`manage.py newsletter_retention`: delete what has been kept long enough, now."""

from typing import Any

from django.core.management.base import BaseCommand

from newsletter.retention import apply_retention


class Command(BaseCommand):
    """Applies the rules of retention and prints counts. The worker does the same every day."""

    help = "Delete personal data of the mailing list that has been kept long enough. The worker does it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, number in apply_retention().items():
            self.stdout.write(f"{number:>8}  {what}")
