"""The terms that programmes and stories are found by."""

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from programmes.places.grid import read_place


@register_snippet
class Place(index.Indexed, models.Model):
    """A place where the work happens: a town, a county, a region."""

    name = models.CharField(max_length=120, unique=True, help_text="For example: Cornwall")
    slug = models.SlugField(max_length=120, unique=True, help_text="The place's name in addresses.")
    grid_reference = models.CharField(
        "where it is",
        max_length=60,
        blank=True,
        help_text=(
            "For the map: latitude and longitude, for example 50.26, -5.05, or a grid reference, for example SW 83 45 "
            "or, in Northern Ireland, J 33 74. Leave empty if you do not know it: the place is listed all the same."
        ),
    )

    panels = (FieldPanel("name"), FieldPanel("slug"), FieldPanel("grid_reference"))
    search_fields = (index.SearchField("name"), index.AutocompleteField("name"))

    class Meta:
        ordering = ("name",)

    def clean(self) -> None:
        """Keep where it is as a grid reference, in one form."""
        super().clean()
        if self.grid_reference:
            try:
                self.grid_reference = read_place(self.grid_reference)
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
