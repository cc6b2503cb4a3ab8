"""The second factor: a code from an app (TOTP, RFC 6238), or a recovery code.

Required of everybody where the site runs on https; elsewhere (one's own machine) of those who have set it up.
"""

import base64
from typing import Any
from urllib.parse import quote, urlencode

import django_otp
import segno
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.models import Device

from accounts.models import PART, App, RecoveryCodes, new_codes
from accounts.sealing import Unreadable


class TooManyTries(Exception):
    """Codes are not looked at for a while, after wrong ones.

    Attributes:
        seconds: until the next code is looked at.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"codes are not looked at for {seconds} s")
        self.seconds = seconds


def has_app(user: Any) -> bool:
    """Whether a person has set up an app that makes codes."""
    return App.objects.devices_for_user(user, confirmed=True).exists()


def is_missing(user: Any) -> bool:
    """Whether a person has signed in with a password and has yet to give the second factor, or to set it up.

    Args:
        user: as the middleware of django-otp leaves it.
    """
    if not user.is_authenticated or user.is_verified():
        return False
    return settings.SECOND_FACTOR_REQUIRED or has_app(user)


def verify(user: Any, code: str) -> Device | None:
    """Look at a code: six digits are the app's, anything else is a recovery code.

    Returns:
        What the code belongs to; None when it is wrong or was used before.

    Raises:
        TooManyTries: the code was not looked at.
    """
    typed = code.replace(" ", "")
    kind = App if typed.isascii() and typed.isdecimal() and len(typed) == 6 else RecoveryCodes
    device = kind.objects.devices_for_user(user, confirmed=True).first()
    if device is None:
        return None
    verified = django_otp.verify_token(user, device.persistent_id, typed)
    if verified is None:
        _refuse_when_throttled(device)
    return verified


def _refuse_when_throttled(device: Device) -> None:
    """Tell a code that was not looked at from a wrong one. `device` is as it was before the try."""
    allowed, why = device.verify_is_allowed()
    if not allowed:
        raise TooManyTries(max(1, round((why["locked_until"] - timezone.now()).total_seconds())))


def mark_verified(request: HttpRequest, user: Any, device: Device) -> None:
    """Let this session act for the person, under a new key, so that one known from before is worth nothing."""
    request.user = user
    request.session.cycle_key()
    django_otp.login(request, device)


def begin(user: Any) -> App:
    """Give the app that is being set up, making one when there is none whose secret can be read."""
    for begun in App.objects.filter(user=user, confirmed=False):
        try:
            begun.bin_key  # noqa: B018 - to see whether it can be read
        except Unreadable:
            begun.delete()
        else:
            return begun
    return App.objects.create(user=user, confirmed=False, name="app")


def address_for_app(device: App) -> str:
    """What the app reads from the picture (the Key URI format of Google Authenticator)."""
    issuer = settings.WAGTAIL_SITE_NAME
    label = quote(f"{issuer}:{device.user.get_username()}")
    return f"otpauth://totp/{label}?{urlencode({'secret': key_for_app(device), 'issuer': issuer}, quote_via=quote)}"


def key_for_app(device: App) -> str:
    """The secret as people type it where they cannot scan the picture: base32 letters (RFC 4648)."""
    return base64.b32encode(device.bin_key).decode()


def picture_for_app(device: App) -> str:
    """The QR code as an SVG element for a page, dark on white whatever the theme."""
    code = segno.make_qr(address_for_app(device))
    return code.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None)


def complete(user: Any, device: App, code: str) -> list[str] | None:
    """Take the first code of a new app: from now on it is this person's only one.

    Returns:
        New recovery codes, to be shown once; None when the code is wrong.

    Raises:
        TooManyTries: the code was not looked at.
    """
    verified = django_otp.verify_token(user, device.persistent_id, code.replace(" ", ""))
    if verified is None:
        _refuse_when_throttled(device)
        return None
    codes = new_codes()
    with transaction.atomic():
        App.objects.filter(user=user).exclude(pk=device.pk).delete()
        App.objects.filter(pk=device.pk).update(confirmed=True)
        _keep(user, codes)
    return list(codes)


def renew_codes(user: Any) -> list[str]:
    """Make new recovery codes; the old ones stop working. They cannot be shown again."""
    codes = new_codes()
    _keep(user, codes)
    return list(codes)


def _keep(user: Any, codes: dict[str, str]) -> None:
    """Put new codes in the place of all old ones. The row stays: sessions that were opened with it go on."""
    hashes = {code[:PART]: kept for code, kept in codes.items()}
    fresh = {"hashes": hashes, "throttling_failure_count": 0, "throttling_failure_timestamp": None}
    RecoveryCodes.objects.update_or_create(user=user, defaults=fresh, create_defaults=fresh | {"name": "codes"})


def codes_left(user: Any) -> int:
    """How many recovery codes a person has not used yet."""
    kept = RecoveryCodes.objects.filter(user=user).first()
    return len(kept.hashes) if kept else 0


@transaction.atomic
def turn_off(user: Any) -> None:
    """Forget a person's app and recovery codes."""
    App.objects.filter(user=user).delete()
    RecoveryCodes.objects.filter(user=user).delete()


@transaction.atomic
def reset(user: Any) -> None:
    """For a person whose telephone and codes are lost: forget both, and end every session of theirs."""
    turn_off(user)
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()
