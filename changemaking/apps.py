"""The Art of Change Making: approaches and how they connect."""

from django.apps import AppConfig


class ChangemakingConfig(AppConfig):
    name = "changemaking"
    verbose_name = "The Art of Change Making"
