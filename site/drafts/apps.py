"""Drafts that people without an account see by a link. It knows core and no other app."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "drafts"
    verbose_name = "Shared drafts"
