"""The table behind `core.leases`."""

from django.db import models


class Lease(models.Model):
    """A name that at most one process holds at a time, and only until a moment.

    A holder that is killed cannot give a lease back, so every lease ends by itself. Use `core.leases`
    to take one: it does so in a single statement that is right on SQLite and on PostgreSQL.
    """

    name = models.CharField(max_length=150, primary_key=True, help_text="What is held, like job/publish-scheduled.")
    holder = models.CharField(max_length=64, help_text="A token known only to whoever took the lease.")
    expires_at = models.DateTimeField(help_text="Until when it is held. Afterwards anyone may take it.")

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]

    def __str__(self) -> str:
        return f"{self.name} until {self.expires_at:%Y-%m-%d %H:%M:%S}"
