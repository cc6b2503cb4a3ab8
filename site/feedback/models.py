"""What readers answer. Nothing of who they are is kept."""

from django.db import models
from django.utils import timezone

# Characters of a comment.
MAX_LENGTH = 1000


class Answer(models.Model):
    """One reader's answer to "Was this page helpful?"."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="answers")
    is_helpful = models.BooleanField("helpful")
    comment = models.TextField("comment", max_length=MAX_LENGTH, blank=True, help_text="Deleted after a year.")
    at = models.DateTimeField("time", default=timezone.now)

    class Meta:
        verbose_name = "answer from a reader"
        verbose_name_plural = "answers from readers"
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["page", "-at"], name="answer_page_at")]

    def __str__(self) -> str:
        return f"{self.opinion}: {self.page_id}"

    @property
    def opinion(self) -> str:
        """The answer in words."""
        return "Helpful" if self.is_helpful else "Not helpful"
