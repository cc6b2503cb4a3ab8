"""Keyed hashes: to find something again without keeping it. Without SECRET_KEY nobody can tell what they stand for."""

from django.conf import settings
from django.utils.crypto import salted_hmac

from newsletter.addresses import normalise


def keyed_hash(purpose: str, text: str) -> str:
    """32 hexadecimal digits that stand for a text; others for each purpose."""
    return _hash(purpose, text, settings.SECRET_KEY)


def erased_keys(email: str) -> list[str]:
    """What an address may have become in `Subscriber.email_key` when the person was erased: the newest key first.

    One for each of SECRET_KEY and SECRET_KEY_FALLBACKS, so that a new secret key forgets nobody.
    """
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [f"erased:{_hash('newsletter.erased', normalise(email), key)}" for key in keys]


def _hash(purpose: str, text: str, key: str) -> str:
    digest = salted_hmac(purpose, text, secret=key, algorithm="sha256")  # ty: ignore[unknown-argument]
    return digest.hexdigest()[:32]
