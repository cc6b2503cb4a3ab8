"""The app for the editors' own work: what needs them, their calendar, links that lead nowhere, pages that lack things.

Of the project it knows only core.
"""

from django.apps import AppConfig


class EditorialConfig(AppConfig):
    name = "editorial"
    verbose_name = "Editorial work"

    def ready(self) -> None:
        from editorial import signal_handlers

        signal_handlers.connect()
