"""Forms of signing in, and of people's own accounts."""

from typing import Any

from django import forms
from wagtail.admin.forms.account import AvatarPreferencesForm

from accounts.second_factor import TooManyTries
from core.forms import PictureField


class CodeForm(forms.Form):
    """Asks for a code of the second factor.

    Args:
        look: looks at the code; what it gives is kept as `found`, and None or an empty answer is a wrong code.
    """

    code = forms.CharField(
        label="Code",
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
        ),
    )

    def __init__(self, *args: Any, look: Any, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.look = look
        self.found: Any = None
        self.fields["code"].help_text = help_text

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        try:
            self.found = self.look(code)
        except TooManyTries as error:
            raise forms.ValidationError(
                f"There were wrong codes. Wait {error.seconds} seconds, then type a new one.", code="wait"
            ) from error
        if not self.found:
            raise forms.ValidationError(
                "That code is wrong, or was used already. Wait until the app shows the next one, and check that your"
                " telephone's clock is right.",
                code="wrong",
            )
        return code


class AvatarForm(AvatarPreferencesForm):
    """Wagtail's form for a person's own picture, held to the same as the pictures of pages."""

    avatar = PictureField(label="Profile picture", required=False)
