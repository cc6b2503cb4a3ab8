"""The ledger of what came from where, so that nothing is brought over twice and no editor's work is undone."""

from django.db import models


class ImportedItem(models.Model):
    """One item of a WordPress site that has been brought over, or is being so.

    The row stays when an editor changes or deletes what it became, so that the item never comes again.
    """

    # Usage counts of pictures and documents are of pages, not of this ledger.
    wagtail_reference_index_ignore = True

    source = models.CharField(max_length=200, help_text="Address of the WordPress site, without https.")
    wordpress_id = models.PositiveBigIntegerField()
    modified = models.CharField(max_length=19, blank=True, help_text="When it was last changed there, as exported.")
    page = models.ForeignKey("wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    image = models.ForeignKey("core.SiteImage", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    document = models.ForeignKey(
        "core.SiteDocument", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True, help_text="Empty for a page that has no text yet.")
    changed = models.TextField(blank=True, help_text="What was changed on the way, a line for each thing.")
    to_do = models.TextField(blank=True, help_text="What a person should look at, a line for each thing.")

    class Meta:
        verbose_name = "item brought over"
        verbose_name_plural = "items brought over"
        constraints = [models.UniqueConstraint(fields=("source", "wordpress_id"), name="imported_once")]

    def __str__(self) -> str:
        return f"{self.source} {self.wordpress_id}"
