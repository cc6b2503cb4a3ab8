"""The ledger of content that `load_content` has put in place."""

from django.db import models


class LoadedContent(models.Model):
    """One thing of the starting content, loaded once and never again.

    The key is kept even when an editor changes, moves or deletes what was loaded, so that loading
    again never undoes an editor's work.
    """

    key = models.CharField(max_length=255, primary_key=True)
    model = models.CharField(max_length=100, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "loaded content"
        verbose_name_plural = "loaded content"

    def __str__(self) -> str:
        return self.key
