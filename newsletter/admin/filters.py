"""The filters of the list of subscribers."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from newsletter.models import Basis, ConsentWording, Interest, Subscriber
from newsletter.states import Origin, State

# So many paths are offered at most: a site with more pages is filtered by something else.
MOST_PAGES = 300
# Up to here the people of a topic are listed by their keys; beyond, each person is asked for the topic.
FEW = 10_000
_EXACT = ("source_page", "wording_version", "basis", "origin")


class SubscriberFilters(forms.Form):
    """What to list; each field is optional, and none of them holds personal data."""

    state = forms.ChoiceField(label="State", required=False)
    source_page = forms.ChoiceField(label="Signed up on", required=False)
    wording_version = forms.ChoiceField(label="Consent wording", required=False)
    basis = forms.ChoiceField(label="Basis", required=False, choices=[("", "Any"), *Basis.choices])
    origin = forms.ChoiceField(label="Known from", required=False, choices=[("", "Any"), *Origin.choices])
    topic = forms.ModelChoiceField(Interest.objects.all(), label="Topic", required=False, empty_label="Any")
    signed_up_from = forms.DateField(
        label="Signed up from", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    signed_up_to = forms.DateField(
        label="Signed up until", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self._offer("state", [(state.value, state.label) for state in State if state != State.DELIVERING])
        self._offer("source_page", [(path, path) for path in source_pages()])
        self._offer("wording_version", _wordings())

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "Any"), *choices]

    @property
    def is_used(self) -> bool:
        """Whether anything is filtered by."""
        return self.is_valid() and any(self.cleaned_data.values())

    def narrow(self, subscribers: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        """Keep those who fit; a field with a wrong value counts as empty."""
        self.is_valid()
        wanted = self.cleaned_data
        narrowing = {name: wanted[name] for name in _EXACT if wanted.get(name)}
        subscribers = subscribers.filter(**narrowing)
        if state := wanted.get("state"):
            subscribers = _in_state(subscribers, state, is_alone=not narrowing)
        if first := wanted.get("signed_up_from"):
            subscribers = subscribers.filter(signed_up_at__gte=beginning_of(first))
        if last := wanted.get("signed_up_to"):
            subscribers = subscribers.filter(signed_up_at__lt=beginning_of(last + timedelta(days=1)))
        return _with_topic(subscribers, wanted["topic"]) if wanted.get("topic") else subscribers


def beginning_of(day: date) -> datetime:
    """Midnight, where the site is."""
    return timezone.make_aware(datetime.combine(day, time.min))


# Steps from one path to the next along the index: DISTINCT would read all of it.
_SOURCE_PAGES = """
WITH RECURSIVE step(path) AS (
  SELECT MIN(source_page) FROM newsletter_subscriber WHERE source_page > ''
  UNION ALL
  SELECT (SELECT MIN(source_page) FROM newsletter_subscriber WHERE source_page > path) FROM step WHERE path IS NOT NULL
)
SELECT path FROM step WHERE path IS NOT NULL LIMIT %s
"""


def source_pages() -> list[str]:
    """The pages that people signed up on."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCE_PAGES, [MOST_PAGES])
        return [path for (path,) in cursor.fetchall()]


def _wordings() -> list[tuple[str, str]]:
    versions = ConsentWording.objects.filter(version__isnull=False).order_by("-version")
    published = [(str(version), f"Version {version}") for version in versions.values_list("version", flat=True)]
    return [*published, ("0", "Built-in wording")]


def _in_state(subscribers: QuerySet[Subscriber], state: str, *, is_alone: bool) -> QuerySet[Subscriber]:
    """Those in a state.

    Most people are in one, SUBSCRIBED, and SQLite takes its index for as good as any other: beside a narrower filter
    it is asked for in a way that has no index.
    """
    if is_alone or state != State.SUBSCRIBED:
        return subscribers.filter(state=state)
    return subscribers.alias(state_alone=Concat("state", Value(""))).filter(state_alone=state)


def _with_topic(subscribers: QuerySet[Subscriber], topic: Interest) -> QuerySet[Subscriber]:
    """Those who chose a topic. Which way is fast depends on how many they are."""
    chosen = Subscriber.interests.through._default_manager.filter(interest=topic)
    keys = list(chosen.values_list("subscriber_id", flat=True)[: FEW + 1])
    if len(keys) <= FEW:
        return subscribers.filter(pk__in=chosen.values("subscriber_id"))
    return subscribers.filter(Exists(chosen.filter(subscriber_id=OuterRef("pk"))))
