"""Social cards: drawn when an editor publishes a page, or when one is first asked for, and kept in the media storage.

The address of a card names what is on it, so a page that changes has another card, and caches may keep each for ever.
"""

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core.drawing.cards import DESIGN, Card, draw_card

if TYPE_CHECKING:
    from core.models import BasePage

FOLDER = "cards"


def card_of(page: "BasePage") -> Card:
    """What the card of a page shows."""
    return Card(
        title=page.social_title or page.title,
        seed=page.slug,
        ground=getattr(page, "ground", ""),
        kicker=page.card_kicker,
    )


def card_address(page: "BasePage") -> str:
    """Path of a page's card; empty for a page that was never saved."""
    return reverse("social-card", args=[page.pk, _digest(card_of(page))]) if page.pk else ""


def kept_card(pk: int, digest: str) -> bytes | None:
    """The card that was drawn before, or None."""
    try:
        with default_storage.open(_name(pk, digest)) as file:
            return file.read()
    except OSError:  # none, or a store that does not answer
        return None


def draw_card_of(page: "BasePage", digest: str = "") -> bytes | None:
    """Draw and keep the card of a page in place of older ones.

    Args:
        digest: when given, of the card that was asked for; another one is not drawn.

    Returns:
        The PNG, or None when the page has another card by now.
    """
    card = card_of(page)
    wanted = _digest(card)
    if digest and digest != wanted:
        return None
    drawn = draw_card(card)
    with suppress(OSError):  # it is drawn again for the next who asks
        _forget(page.pk)
        default_storage.save(_name(page.pk, wanted), ContentFile(drawn))
    return drawn


def _forget(pk: int) -> None:
    """Delete the cards that were kept for a page."""
    folder = f"{FOLDER}/{pk}"
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")


def _digest(card: Card) -> str:
    return hashlib.sha256(f"{DESIGN} {card!r}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _name(pk: int, digest: str) -> str:
    return f"{FOLDER}/{pk}/{digest}.png"
