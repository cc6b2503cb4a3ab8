"""Forms of the desk from which issues are sent."""

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from newsletter.campaigns.desk import AHEAD, FAR_AHEAD, Plan
from newsletter.models import Campaign, Recipients

if TYPE_CHECKING:
    from newsletter.campaigns.segments import Choice

MOST_TESTS = 10
NOW, LATER = "now", "later"
# Mailchimp sends at quarters of an hour only.
TIMES = [(time, time) for time in (f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45))]
NO_SUCH_TIME = "The clocks change in that night, and there is no such time. Choose another one."


class AddressesForm(forms.Form):
    """To whom a test goes."""

    addresses = forms.CharField(
        label="Send a test to",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=f"Up to {MOST_TESTS} email addresses, each on a line of its own or divided by commas.",
    )

    def clean_addresses(self) -> list[str]:
        addresses = list(dict.fromkeys(self.cleaned_data["addresses"].replace(",", " ").replace(";", " ").split()))
        if len(addresses) > MOST_TESTS:
            raise ValidationError(f"These are {len(addresses)} addresses. A test goes to {MOST_TESTS} at most.")
        for address in addresses:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(f"“{address}” is not an email address.") from None
        return addresses


class SendForm(forms.Form):
    """Who gets an issue and when.

    Args:
        choices: the segments and tags that there are at Mailchimp.
        campaign: what was chosen before stands there again.
    """

    recipients = forms.ChoiceField(label="Recipients")
    when = forms.ChoiceField(
        label="When",
        choices=[(NOW, "Now"), (LATER, "On the day and at the time below")],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    day = forms.DateField(
        label="Day", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.ChoiceField(
        label="London time",
        required=False,
        choices=TIMES,
        initial="09:00",
        help_text="In summer and in winter. Mailchimp sends at quarters of an hour.",
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label="I have read it. Send it to these people.",
        error_messages={"required": "Tick this when you have read the issue: what was sent cannot be called back."},
    )

    def __init__(self, *args: Any, choices: "list[Choice]", campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {f"{choice.kind}:{choice.id}": choice for choice in choices}
        everybody = str(Recipients.AUDIENCE)
        before = f"{campaign.recipients}:{campaign.segment_id}"
        field: Any = self.fields["recipients"]
        field.choices = [(everybody, Recipients.AUDIENCE.label), *((key, _named(it)) for key, it in self.known.items())]
        field.initial = before if before in self.known else everybody

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["send_at"] = None
        if data.get("when") == LATER:
            if data.get("day") and data.get("time"):
                data["send_at"] = self._moment(data["day"], data["time"])
            elif "day" not in self.errors:
                self.add_error("day", "Choose the day, for example 25/11/2026.")
        return data

    def _moment(self, day: datetime.date, time: str) -> datetime.datetime | None:
        zone = timezone.get_current_timezone()
        moment = datetime.datetime.combine(day, datetime.time.fromisoformat(time), zone)
        now = timezone.now()
        if moment.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != moment.replace(tzinfo=None):
            self.add_error("time", NO_SUCH_TIME)
        elif moment < now + AHEAD:
            self.add_error("day", "That is past, or in the next five minutes. Choose a later time, or “Now”.")
        elif moment > now + FAR_AHEAD:
            self.add_error("day", "That is more than a year ahead. Choose a nearer day.")
        return moment

    @property
    def plan(self) -> Plan:
        """What was chosen, once the form is valid."""
        data = self.cleaned_data
        choice = self.known.get(data["recipients"])
        if choice is None:
            return Plan(send_at=data["send_at"])
        return Plan(choice.kind, choice.id, choice.name[:150], data["send_at"])


def _named(choice: "Choice") -> str:
    return f"{choice.kind.label.removeprefix('A ').capitalize()} “{choice.name}” ({choice.count})"
