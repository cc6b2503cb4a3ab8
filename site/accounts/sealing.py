"""The secrets of people's apps, encrypted with a key made from SECRET_KEY: a copy of the database makes no codes.

AES-256-GCM, by which a secret of 20 bytes fits into the 80 characters that django-otp has for it.
"""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

# Bytes of a nonce (NIST SP 800-38D, 8.2.1).
_NONCE = 12
_CLEAR = frozenset("0123456789abcdef")


class Unreadable(Exception):
    """What was sealed with another SECRET_KEY, or is damaged."""


def is_sealed(kept: str) -> bool:
    """Whether a secret is kept encrypted. In the clear, django-otp has it as an even number of hexadecimal digits."""
    return not (set(kept) <= _CLEAR and len(kept) % 2 == 0)


def seal(secret: bytes) -> str:
    """Encrypt a secret."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, secret, None)
    return "~" + base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str) -> bytes:
    """Read a sealed secret.

    Raises:
        Unreadable: it was sealed with another SECRET_KEY, or is damaged.
    """
    try:
        data = base64.b64decode(sealed.removeprefix("~"), validate=True)
    except ValueError as error:
        raise Unreadable from error
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(key)).decrypt(data[:_NONCE], data[_NONCE:], None)
        except (InvalidTag, ValueError):
            continue
    raise Unreadable


def _key(secret: str) -> bytes:
    return hashlib.sha256(b"accounts.sealing" + secret.encode()).digest()
