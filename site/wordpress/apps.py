"""Bringing over a site from WordPress. It knows the page apps, and no app knows it."""

from django.apps import AppConfig


class WordPressConfig(AppConfig):
    name = "wordpress"
    verbose_name = "Bringing over from WordPress"
