"""Searching for a person without their address in a URL or a log.

The search form is posted. What was typed is kept, sealed, in the session under a random key, and only the key
stands in the listing's address: going back, a second window and the export keep working.
"""

import secrets

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from newsletter.addresses import MAX_LENGTH, normalise
from newsletter.hashes import erased_keys
from newsletter.models import Subscriber
from newsletter.sealing import seal, unseal

KEY_ARGUMENT = "found"
SESSION_KEY = "newsletter_searches"
# Searches kept for a session, the newest last.
KEPT = 10
# More people than this are not listed for one search: type more of the address.
MOST_FOUND = 1000


def remember(request: HttpRequest, term: str) -> str:
    """Keep what was typed, and give the key under which it is kept."""
    key = secrets.token_urlsafe(9)
    kept = [*request.session.get(SESSION_KEY, {}).items(), (key, seal(term[:MAX_LENGTH]))]
    request.session[SESSION_KEY] = dict(kept[-KEPT:])
    return key


def recall(request: HttpRequest) -> str | None:
    """What was typed for the search that this address stands for: empty without one, None when it is forgotten."""
    key = request.GET.get(KEY_ARGUMENT, "")
    if not key:
        return ""
    return unseal(request.session.get(SESSION_KEY, {}).get(key, "")) or None


def forget(request: HttpRequest) -> None:
    """Forget all searches of this session."""
    request.session.pop(SESSION_KEY, None)


def matching(term: str) -> QuerySet[Subscriber]:
    """The people whose address has the typed text in it, and the erased person who had exactly this address."""
    text = normalise(term).replace("\0", "")  # PostgreSQL refuses to compare with a NUL
    living = Q(email_key__contains=text) & ~Q(email_key__startswith="erased:")
    return Subscriber.objects.filter(living | Q(email_key__in=erased_keys(text))).order_by()


def found(queryset: QuerySet[Subscriber], term: str) -> tuple[QuerySet[Subscriber], bool]:
    """Keep those who match, MOST_FOUND of them at most, and tell whether there are more.

    Two steps, because the first one needs only the index of addresses.
    """
    keys = list(matching(term).values_list("pk", flat=True)[: MOST_FOUND + 1])
    return queryset.filter(pk__in=keys[:MOST_FOUND]), len(keys) > MOST_FOUND
