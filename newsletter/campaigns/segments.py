"""The segments and tags of the audience that an issue can go to."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from newsletter.answers import call
from newsletter.campaigns.remote import number
from newsletter.gateway import Gateway
from newsletter.models import Recipients

# Mailchimp's words for the kinds of segments: saved ones, and tags.
SEGMENT_TYPES = {"saved": Recipients.SEGMENT, "static": Recipients.TAG}
# The most that is listed at once, and how long segments are believed without asking again, in seconds.
MOST, SEGMENTS_SECONDS = 1000, 300


@dataclass(frozen=True)
class Choice:
    """A segment or tag that a campaign can go to. `count` is of contacts, subscribed or not."""

    kind: Recipients
    id: int
    name: str
    count: int


def choices(gateway: Gateway) -> list[Choice]:
    """The audience's saved segments and tags by name, from memory when asked in the last minutes.

    Raises:
        GatewayError: as for every call.
    """
    key = gateway.memory_key("segments")
    if (kept := cache.get(key)) is not None:
        return kept
    fields = [f"segments.{name}" for name in ("id", "name", "type", "member_count")]
    answer = call(gateway.lists.list_segments, gateway.audience_id, count=MOST, fields=fields)
    entries = [entry for entry in answer.get("segments", []) if isinstance(entry, dict)]
    found = [_choice(entry) for entry in entries if entry.get("type") in SEGMENT_TYPES]
    found.sort(key=lambda choice: (choice.kind, choice.name.casefold()))
    cache.set(key, found, SEGMENTS_SECONDS)
    return found


def _choice(entry: dict[str, Any]) -> Choice:
    kind, count = SEGMENT_TYPES[entry["type"]], number(entry.get("member_count", 0))
    return Choice(kind, number(entry.get("id")), str(entry.get("name")), count)
