"""Topics that people may choose when they sign up."""

from django.db import models


class InterestQuerySet(models.QuerySet["Interest"]):
    """Ways to look at topics."""

    def offered(self) -> "InterestQuerySet":
        """The topics that forms offer, in the editors' order."""
        return self.filter(is_offered=True).order_by("sort_order", "label", "pk")


class Interest(models.Model):
    """A topic. Offered as a checkbox that is never ticked beforehand; at Mailchimp it is a tag."""

    shown_on_pages = True  # tells the page cache

    label = models.CharField("topic", max_length=80, unique=True, help_text="As people read it beside the checkbox.")
    # Source: Mailchimp takes tag names of at most 100 characters.
    tag = models.CharField(
        "tag at Mailchimp",
        max_length=100,
        blank=True,
        help_text="Left empty, the topic itself is the tag. Changing it does not rename the tag at Mailchimp.",
    )
    sort_order = models.PositiveSmallIntegerField("position", default=0, help_text="Low numbers come first.")
    is_offered = models.BooleanField(
        "offered", default=True, help_text="Untick to stop offering it. People who chose it keep it."
    )

    objects = InterestQuerySet.as_manager()

    class Meta:
        verbose_name = "topic"
        verbose_name_plural = "topics"
        ordering = ("sort_order", "label", "pk")

    def __str__(self) -> str:
        return self.label

    @property
    def tag_name(self) -> str:
        """Name of the tag at Mailchimp."""
        return self.tag or self.label
