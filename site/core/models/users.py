"""The people who log in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An editor. Our own from the first migration, so that fields can be added without a painful swap."""
