"""The forms of the mailing list: the sign-up, with a trap for robots and evidence of where it stood; preferences."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from newsletter.addresses import MAX_LENGTH, accepted
from newsletter.models import Interest, Subscriber

ENTER_ADDRESS = "Enter your email address"
WRONG_FORM = "Enter an email address in the correct format, like name@example.com"
# Milliseconds from seeing the form to sending it, which few people are faster than.
QUICK = 2000
# Control characters, line and paragraph separators, halves of a surrogate pair: never part of a name or address.
_REFUSED_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}


def has_control_characters(text: str) -> bool:
    """Whether a text holds NUL, a line break or another character that no keyboard types into one line."""
    return any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in text)


class LineField(forms.CharField):
    """One line of text, without control characters."""

    default_error_messages = {"control": "Use letters, numbers and punctuation only, on one line"}

    def to_python(self, value: Any) -> str:
        text = "" if value is None else str(value)
        if has_control_characters(text):
            raise ValidationError(self.error_messages["control"], code="control")
        return super().to_python(text) or ""


class NameField(LineField):
    """A first or last name: any script, no web address (names are repeated in mails to the person)."""

    def __init__(self, **kwargs: Any) -> None:
        name = kwargs["label"].lower()
        super().__init__(
            max_length=100,
            required=False,
            error_messages={
                "control": f"Your {name} must not contain control characters or line breaks",
                "max_length": f"Your {name} must be 100 characters or fewer",
            },
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        if "://" in name or "www." in name.lower():
            raise ValidationError("Enter a name, without a web address", code="address")
        return name


class InterestsField(forms.Field):
    """Ticked topics by their ids. What is no id of a topic on offer is left out: no reason to turn anyone away."""

    # More than any form offers. Keeps a forged form from asking the database for thousands.
    MOST = 100

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(label="What are you interested in?", required=False)

    def to_python(self, value: Any) -> list[int]:
        return [number for number in map(_whole_number, value or ()) if number][: self.MOST]


class UnseenField(forms.Field):
    """What no person types: any text is taken, since nobody could be told what is wrong with it."""

    def __init__(self, widget: type[forms.Widget] = forms.HiddenInput) -> None:
        super().__init__(required=False, widget=widget)

    def to_python(self, value: Any) -> str:
        return "" if value is None else str(value)


def _whole_number(text: str) -> int | None:
    """Read a number of at most nine digits; None for whatever else came."""
    text = str(text)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


class PreferencesForm(forms.Form):
    """What a person on the mailing list may change by themselves."""

    first_name = NameField(label="First name")
    last_name = NameField(label="Last name")
    interests = InterestsField()

    def __init__(self, subscriber: Subscriber, data: Any = None) -> None:
        chosen = list(subscriber.interests.all())
        initial = {
            "first_name": subscriber.first_name,
            "last_name": subscriber.last_name,
            "interests": [topic.pk for topic in chosen],
        }
        super().__init__(data, initial=initial, auto_id="preferences-%s")
        offered = list(Interest.objects.offered())
        # Topics on offer, and those that were when the person chose them.
        self.topics = [*offered, *(topic for topic in chosen if topic not in offered)]

    def clean_interests(self) -> tuple[Interest, ...]:
        """The topics that were ticked, of those that were shown."""
        return tuple(topic for topic in self.topics if topic.pk in self.cleaned_data["interests"])


class SignUpForm(forms.Form):
    """What a visitor sends. Only the address is required."""

    email = LineField(
        label="Email address",
        max_length=MAX_LENGTH,
        error_messages={
            "required": ENTER_ADDRESS,
            "max_length": f"Your email address must be {MAX_LENGTH} characters or fewer",
            "control": "Your email address must not contain control characters or line breaks",
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none", "maxlength": MAX_LENGTH}
        ),
    )
    first_name = NameField(label="First name", widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    last_name = NameField(label="Last name", widget=forms.TextInput(attrs={"autocomplete": "family-name"}))
    interests = InterestsField()
    # The trap: people do not see it, robots fill it in.
    website = UnseenField(forms.TextInput)
    # Evidence: the page the form stood on, and the version of the words beside the button.
    page = UnseenField()
    wording = UnseenField()
    # Milliseconds from first being seen to being sent, as the script measured them; empty without the script.
    took = UnseenField()

    use_required_attribute = False

    def __init__(self, data: Any = None, *, prefix_id: str = "page", **kwargs: Any) -> None:
        super().__init__(data, auto_id=f"{prefix_id}-%s", **kwargs)

    @property
    def is_trapped(self) -> bool:
        """Whether a robot filled in the field that people do not see."""
        return bool(str(self.data.get("website", "")).strip())

    def clean_email(self) -> str:
        email = accepted(self.cleaned_data["email"])
        if email is None:
            raise ValidationError(WRONG_FORM, code="invalid")
        return email

    def clean_page(self) -> str:
        """A path of this site, or nothing: it is evidence, not a reason to turn a person away."""
        path = self.cleaned_data["page"]
        is_path = path.startswith("/") and len(path) <= 255 and not has_control_characters(path)
        return path if is_path else ""

    def clean_wording(self) -> int | None:
        """A version number, or None when what came is not one."""
        return _whole_number(self.cleaned_data["wording"])

    def clean_took(self) -> int | None:
        """Milliseconds, or None when what came is no such number."""
        return _whole_number(self.cleaned_data["took"])

    def clean_interests(self) -> tuple[Interest, ...]:
        """The topics on offer that were ticked."""
        ids = self.cleaned_data["interests"]
        return tuple(Interest.objects.offered().filter(pk__in=ids)) if ids else ()

    @property
    def is_quick(self) -> bool:
        """Whether a valid form was sent sooner than people read and type as a rule."""
        took = self.cleaned_data["took"]
        return took is not None and took < QUICK
