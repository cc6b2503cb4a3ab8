"""The editor's form of an approach."""

from typing import Any

from django.core.exceptions import ValidationError

from core.addresses import SitePageForm


class ApproachPageForm(SitePageForm):
    """Tells an editor who connects an approach to itself: the connection cannot know yet whose it is."""

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        for form in self.formsets["connections"].forms:
            if self.instance.pk and form.is_valid() and form.cleaned_data.get("to") == self.instance:
                form.add_error("to", ValidationError("An approach cannot be connected to itself. Choose another one."))
        return cleaned_data
