"""The mailing list in Wagtail's admin."""
