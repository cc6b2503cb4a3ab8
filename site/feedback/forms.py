"""The two forms that readers may send: the answer, then a comment if they like."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.models import Page

from core.models import BasePage
from core.visibility import visible
from feedback.models import MAX_LENGTH

LARGEST_KEY = 2**31 - 1


class TrappedForm(forms.Form):
    """A form with a field that people do not see and robots fill in."""

    website = forms.CharField(required=False)

    @property
    def is_trapped(self) -> bool:
        """Whether a robot filled it in."""
        return bool(str(self.data.get("website", "")).strip())


class AnswerForm(TrappedForm):
    """Yes or no, of a page that asks."""

    page = forms.IntegerField(min_value=1, max_value=LARGEST_KEY)
    answer = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")])

    def clean_page(self) -> Page:
        """The page, when readers may see it and it asks.

        Raises:
            ValidationError: otherwise.
        """
        page = visible(Page.objects.filter(pk=self.cleaned_data["page"])).first()
        kind = page.specific_class if page else None
        if page is None or kind is None or not (issubclass(kind, BasePage) and kind.asks_whether_helpful):
            raise ValidationError("There is no such page that asks.")
        return page


class CommentField(forms.CharField):
    """Lines of text. Browsers send two characters for the end of each line, but count one."""

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n")
        return "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()


class CommentForm(TrappedForm):
    """A few words on the answer."""

    comment = CommentField(
        label="What should we know?",
        max_length=MAX_LENGTH,
        widget=forms.Textarea,
        error_messages={
            "required": "Write your comment, or leave this page",
            "max_length": f"Your comment must be {MAX_LENGTH:,} characters or fewer",
        },
    )
