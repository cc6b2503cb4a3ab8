"""What is kept for signing in, beside the user: apps that make codes, recovery codes, traces of lost passwords."""

import logging
import secrets
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.utils import timezone
from django_otp.models import Device, ThrottlingMixin
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.sealing import Unreadable, is_sealed, seal, unseal

logger = logging.getLogger(__name__)

# Without letters and digits that look alike.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
NUMBER_OF_CODES = 10
# The part that finds a code among those of a person, and the secret part: 12 letters of 31 are 59 bits.
PART, PARTS = 4, 4


class App(TOTPDevice):
    """The app on a person's telephone that makes codes (TOTP, RFC 6238). The secret they share is kept encrypted.

    One that was kept before secrets were encrypted is so as soon as a code of it was right.
    """

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        """The secret.

        Raises:
            Unreadable: it was encrypted with another SECRET_KEY.
        """
        return unseal(self.key) if is_sealed(self.key) else bytes.fromhex(self.key)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it, encrypted."""
        if not is_sealed(self.key):
            self.key = seal(bytes.fromhex(self.key))
        super().save(*args, **kwargs)

    def verify_token(self, token: str) -> bool:
        """Take a code once. None is right when the secret cannot be read: the person has the recovery codes."""
        try:
            return super().verify_token(token)
        except Unreadable:
            logger.error("the secret of an app was encrypted with another SECRET_KEY", extra={"user": self.user_id})
            return False


def new_codes() -> dict[str, str]:
    """Make recovery codes: each with what is kept of it.

    Takes some seconds, as each is hashed as a password is: not a thing to do within a transaction.
    """
    codes: dict[str, str] = {}
    while len(codes) < NUMBER_OF_CODES:
        found_by, *rest = ("".join(secrets.choice(ALPHABET) for _ in range(PART)) for _ in range(PARTS))
        codes[found_by] = "-".join(rest)
    return {f"{found_by}-{rest}": make_password(rest) for found_by, rest in codes.items()}


class RecoveryCodes(ThrottlingMixin, Device):
    """A person's recovery codes: each stands in once for the code of the app, when the telephone is lost.

    A code looks like `h7kq-2mxp-9wtr-bn4d`. Its first part finds it; the rest is kept as passwords are, as a hash.
    """

    hashes = models.JSONField(
        default=dict, help_text="For each code that is left, its first part and the hash of its rest."
    )

    class Meta(Device.Meta):
        verbose_name = "recovery codes"
        verbose_name_plural = "recovery codes"
        constraints = [models.UniqueConstraint(fields=("user",), name="one_set_of_recovery_codes")]

    def get_throttle_factor(self) -> int:
        """After n wrong codes the next is looked at 2^(n-1) seconds later."""
        return 1

    def verify_token(self, token: str) -> bool:
        """Take a code, written with or without dashes, spaces and capitals; each works once.

        Call it within a transaction that holds this row (`django_otp.verify_token` does).
        """
        allowed, _ = self.verify_is_allowed()
        if not allowed:
            return False
        letters = "".join(letter for letter in token.lower() if letter.isalnum())
        found_by, *rest = (letters[start : start + PART] for start in range(0, len(letters), PART))
        kept = self.hashes.get(found_by, "")
        if kept and check_password("-".join(rest), kept):
            del self.hashes[found_by]
            self.throttle_reset()
            return True
        self.throttle_increment()
        return False


class PasswordResetTrace(models.Model):
    """That somebody asked for a new password: counted to keep the number low, deleted after a day.

    Network and email address are kept as keyed hashes, from which neither can be read.
    """

    asked_at = models.DateTimeField(default=timezone.now, db_index=True)
    network_hash = models.CharField(max_length=64, db_index=True)
    address_hash = models.CharField(max_length=64, db_index=True)

    def __str__(self) -> str:
        return f"asked at {self.asked_at:%Y-%m-%d %H:%M}"
