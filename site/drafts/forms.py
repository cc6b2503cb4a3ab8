"""The form for a new link."""

import datetime

from django import forms

# Days that a link may work.
LIFETIMES = ((1, "1 day"), (7, "7 days"), (30, "30 days"))
USUAL_DAYS = 7
LARGEST_KEY = 2**31 - 1


class ShareForm(forms.Form):
    """For how long a link works."""

    days = forms.TypedChoiceField(
        label="The link works for", choices=LIFETIMES, coerce=int, initial=USUAL_DAYS, widget=forms.RadioSelect
    )

    @property
    def lifetime(self) -> datetime.timedelta:
        """What was chosen in a valid form."""
        return datetime.timedelta(days=self.cleaned_data["days"])


class RevokeForm(forms.Form):
    """Which link to end; all of a page when none is named."""

    link = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_KEY)
