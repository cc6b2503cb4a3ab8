"""What editors begin a new page from, so that nobody begins with an empty form."""

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page


class StartingPoint(models.Model):
    """Headings and texts that a new page begins with. Editors know them as templates.

    They are kept here and not in a page, so that there is nothing that could be published, listed or found. Site
    managers change one by beginning a page from it and saving that page as the starting point.
    """

    name = models.CharField(max_length=80, unique=True, help_text="For example: An interview")
    description = models.CharField(
        max_length=200, blank=True, help_text="When to choose it, for example: Questions to one person and the answers."
    )
    sort_order = models.PositiveSmallIntegerField("position", default=100, help_text="The lowest number is first.")
    model = models.CharField(max_length=100, editable=False, help_text="The type of the pages: news.newsarticlepage.")
    content = models.JSONField(default=dict, editable=False, help_text="Values of the page's fields, by their names.")

    panels = (FieldPanel("name"), FieldPanel("description"), FieldPanel("sort_order"))

    class Meta:
        ordering = ("sort_order", "name")
        verbose_name = "template"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse one that was not saved from a page.

        Raises:
            ValidationError: it has no content.
        """
        super().clean()
        if not self.model:
            raise ValidationError("Open a page to begin others from, and choose “Save as template” in its menu.")

    @property
    def page_model(self) -> Any:
        """The type of the pages; None when the site has it no longer."""
        try:
            return apps.get_model(self.model)
        except LookupError:
            return None

    @property
    def kind(self) -> str:
        """The type of the pages in words."""
        return str(self.page_model._meta.verbose_name) if self.page_model else "unknown"

    def take_from(self, page: Any) -> None:
        """Keep what a page holds now, in place of what was kept before."""
        values = page.serializable_data()
        self.model = page._meta.label_lower
        self.content = {name: values[name] for name in kept_fields(type(page)) if values[name]}

    def build(self, title: str) -> Any:
        """A new page with this content, which is not saved and has no place yet."""
        names = kept_fields(self.page_model)
        content = {name: value for name, value in self.content.items() if name in names}
        return self.page_model.from_serializable_data({"pk": None, "title": title, **content})


def kept_fields(model: Any) -> list[str]:
    """The fields of a type of pages that its pages may share: texts and choices, no dates and nothing of the tree."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.editable
        and field.model is not Page
        and not isinstance(field, models.DateField)
        and not (field.is_relation and issubclass(field.related_model, Page))
    ]
