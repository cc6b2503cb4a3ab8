"""Records that are written once: evidence and history."""

from typing import Any, NoReturn

from django.db import models


class AppendOnlyError(TypeError):
    """Something tried to change or delete a record that is written once."""


class AppendOnlyQuerySet(models.QuerySet):
    """Refuses to change or delete what is there.

    The law asks for two exceptions (UK GDPR Art. 17, erasure, and Art. 5(1)(e), storage limitation), which have
    names of their own so that nothing takes them by mistake: `erase` and `forget`.
    """

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} is append-only")

    def erase(self) -> int:
        """Delete the records of a person who is erased. Returns how many there were."""
        return super().delete()[0]

    def forget(self, *fields: str) -> int:
        """Empty personal fields whose time of retention is over; each may be null. Returns how many records."""
        return super().update(**dict.fromkeys(fields))


class AppendOnly(models.Model):
    """A record that is written once and then only read."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record for the first time.

        Raises:
            AppendOnlyError: it was written before.
        """
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} is append-only")
