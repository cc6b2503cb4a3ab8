"""The categories of news."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.search import index
from wagtail.snippets.models import register_snippet


@register_snippet
class NewsCategory(index.Indexed, models.Model):
    """A category of news, with a page of its own at /news/category/<slug>/."""

    name = models.CharField(max_length=80, unique=True, help_text="For example: Events")
    slug = models.SlugField(max_length=80, unique=True, help_text="The category's name in addresses.")
    description = models.CharField(max_length=300, blank=True, help_text="One sentence, shown above its list.")

    panels = (FieldPanel("name"), FieldPanel("slug"), FieldPanel("description"))
    search_fields = (index.SearchField("name"), index.AutocompleteField("name"))

    class Meta:
        ordering = ("name",)
        verbose_name = "news category"
        verbose_name_plural = "news categories"

    def __str__(self) -> str:
        return self.name
