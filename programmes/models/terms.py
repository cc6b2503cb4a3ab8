"""The terms that programmes and stories are found by."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index
from wagtail.snippets.models import register_snippet

# Two letters of a 100 km square and an even number of digits (Ordnance Survey, National Grid).
GRID_REFERENCE = re.compile(r"[A-HJ-Z]{2}(\d\d){0,5}", re.ASCII)


def clean_grid_reference(value: str) -> str:
    """Bring a grid reference to the form `SW 83 45`.

    Raises:
        ValidationError: when it is not a reference of the National Grid.
    """
    compact = re.sub(r"\s+", "", value).upper()
    if not GRID_REFERENCE.fullmatch(compact):
        raise ValidationError(
            "Write a National Grid reference such as SW 83 45: two letters and an even number of digits."
        )
    letters, digits = compact[:2], compact[2:]
    half = len(digits) // 2
    return " ".join(part for part in (letters, digits[:half], digits[half:]) if part)


@register_snippet
class Place(index.Indexed, models.Model):
    """A place where the work happens: a town, a county, a region."""

    name = models.CharField(max_length=120, unique=True, help_text="For example: Cornwall")
    slug = models.SlugField(max_length=120, unique=True, help_text="The place's name in addresses.")
    grid_reference = models.CharField(
        "grid reference",
        max_length=16,
        blank=True,
        help_text="National Grid, for example SW 83 45. Leave empty if you do not know it.",
    )

    panels = (FieldPanel("name"), FieldPanel("slug"), FieldPanel("grid_reference"))
    search_fields = (index.SearchField("name"), index.AutocompleteField("name"))

    class Meta:
        ordering = ("name",)

    def clean(self) -> None:
        """Bring the grid reference to one form."""
        super().clean()
        if self.grid_reference:
            try:
                self.grid_reference = clean_grid_reference(self.grid_reference)
            except ValidationError as error:
                raise ValidationError({"grid_reference": error}) from error

    def __str__(self) -> str:
        return self.name


@register_snippet
class Theme(index.Indexed, models.Model):
    """An issue that places work on, such as food poverty."""

    name = models.CharField(max_length=120, unique=True, help_text="For example: Food poverty")
    slug = models.SlugField(max_length=120, unique=True, help_text="The theme's name in addresses.")

    panels = (FieldPanel("name"), FieldPanel("slug"))
    search_fields = (index.SearchField("name"), index.AutocompleteField("name"))

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
