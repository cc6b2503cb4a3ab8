"""The sign-up form: three fields, a trap for robots, and the evidence of where it stood."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from newsletter.addresses import MAX_LENGTH, accepted

ENTER_ADDRESS = "Enter your email address"
WRONG_FORM = "Enter an email address in the correct format, like name@example.com"
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
    # The trap: people do not see it, robots fill it in.
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    # Evidence: the page the form stood on, and the version of the words beside the button.
    page = forms.CharField(required=False, widget=forms.HiddenInput())
    wording = forms.CharField(required=False, widget=forms.HiddenInput())

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
        version = self.cleaned_data["wording"]
        return int(version) if version.isascii() and version.isdecimal() and len(version) <= 9 else None
