"""The bin, from which deleted pages can be put back for a time. It knows core and no other app."""

from django.apps import AppConfig


class RecycleBinConfig(AppConfig):
    name = "recycle_bin"
    verbose_name = "Bin"
