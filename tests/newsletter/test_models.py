"""Rules that the tables keep."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from newsletter.models import Consent, ConsentWording, OutboxEntry, QueueState, Subscriber, Transition
from newsletter.models.append_only import AppendOnlyError
from newsletter.models.consent import FALLBACK_WORDING, PublishedWordingError, current_wording, wording_shown
from newsletter.states import Source, State
from tests.newsletter.conftest import EMAIL

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]


def test_an_address_is_there_once(sign_up_as: SignUpAs) -> None:
    sign_up_as()
    with pytest.raises(IntegrityError), transaction.atomic():
        Subscriber.objects.create(email=EMAIL, email_key=EMAIL.lower())


def test_a_subscriber_has_one_open_entry(sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxEntry.objects.create(subscriber=subscriber)


@pytest.mark.parametrize("model", [Consent, Transition])
def test_evidence_and_history_are_written_once(sign_up_as: SignUpAs, model: type) -> None:
    sign_up_as()
    record = model.objects.get()
    for attempt in (record.save, record.delete, model.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            attempt()
    with pytest.raises(AppendOnlyError):
        model.objects.update(subscriber=record.subscriber)


def test_history_records_what_is_new_and_nothing_twice(sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    for reason in ("Out of order.", "Out of order.", "Busy."):
        subscriber.settle(State.WAITING, Source.DELIVERY, reason)
    reasons = list(Transition.objects.values_list("reason", flat=True))
    assert reasons == ["", "Out of order.", "Busy."]


def test_a_published_wording_can_only_be_superseded() -> None:
    assert current_wording() == FALLBACK_WORDING
    first = ConsentWording(text="First words")
    first.save()
    assert current_wording() == FALLBACK_WORDING  # a draft is not shown
    first.publish()
    first.text = "Other words"
    for attempt in (first.save, first.delete, first.full_clean):
        with pytest.raises((PublishedWordingError, ValidationError)):
            attempt()
    second = ConsentWording(text="Second words")
    second.save()
    second.publish()
    second.publish()  # does nothing
    assert (second.version, current_wording().text) == (2, "Second words")
    assert wording_shown(1).text == "First words"
    assert wording_shown(0) == FALLBACK_WORDING
    assert wording_shown(None) == wording_shown(99) == current_wording()


def test_the_state_of_the_queue_is_one_row() -> None:
    QueueState.load()
    assert not QueueState.objects.exists()
    QueueState(pk=QueueState.PK, double_opt_in=False).save()
    assert QueueState.load().double_opt_in is False


def test_reprs_hold_no_address(sign_up_as: SignUpAs) -> None:
    subscriber = sign_up_as()
    records = [subscriber, OutboxEntry.objects.get(), Consent.objects.get(), Transition.objects.get()]
    assert "@" not in "".join(repr(record) for record in records)
