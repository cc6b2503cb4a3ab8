"""What the search of the site knows: its entries, the words of their titles and what searches found."""

import datetime

from django.conf import settings
from django.db import models

# An entry's key begins with its day; the rest tells entries of one day apart.
_BITS_BELOW_DAY = 40


class SearchEntry(models.Model):
    """A live page or a document as the search knows it. Who may see it is asked of the page or document itself.

    The key sorts by age: the newest entry has the largest. So the newest of many are found without sorting them all,
    on SQLite and on PostgreSQL. Their full-text indexes stand in the table core_searchentry_fts, which triggers fill
    (migration 0003).
    """

    id = models.BigIntegerField(primary_key=True)
    page = models.OneToOneField("wagtailcore.Page", models.CASCADE, null=True, related_name="search_entry")
    document = models.OneToOneField(
        settings.WAGTAILDOCS_DOCUMENT_MODEL, models.CASCADE, null=True, related_name="search_entry"
    )
    # The address of the filter: a slug of the words in `core.search.kinds`.
    kind = models.CharField(max_length=40)
    # The day that readers know it by; none for a page without one.
    date = models.DateField(null=True)
    title = models.TextField()
    summary = models.TextField(blank=True)
    body = models.TextField(blank=True)

    # Title, summary and an extract of the body with marks around the words found; core.search.find.marked reads them.
    marked_title: str
    marked_summary: str
    marked_body: str

    # Wagtail's record of what refers to a page is for what editors have written.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "search entry"
        verbose_name_plural = "search entries"
        # For a kind with few entries and a word that nearly all have.
        indexes = (models.Index(fields=("kind", "id"), name="search_entry_kind"),)

    def __str__(self) -> str:
        return self.title


def key_by_age(day: datetime.date, pk: int, is_document: bool = False) -> int:
    """The key of an entry: by day, then by the order in which pages (or documents) were made."""
    return (day.toordinal() << _BITS_BELOW_DAY) | (pk << 1) | is_document


class SearchWord(models.Model):
    """A word of a title or summary under a key by which words like it are found: itself, and itself less one letter."""

    key = models.CharField(max_length=40)
    word = models.CharField(max_length=40)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "search word"
        constraints = [models.UniqueConstraint(fields=("key", "word"), name="unique_search_word")]

    def __str__(self) -> str:
        return self.word


class SearchOutcome(models.Model):
    """How much was found when words were last searched for. Wagtail's Query counts how often they were."""

    query = models.OneToOneField(
        "wagtailsearchpromotions.Query", models.CASCADE, primary_key=True, related_name="outcome"
    )
    results = models.PositiveIntegerField("results")

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "search outcome"

    def __str__(self) -> str:
        return f"{self.query}: {self.results}"
