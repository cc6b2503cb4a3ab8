"""Images and documents, our own from the first migration so that they can grow."""

import secrets
from typing import Any

from django.db import models
from wagtail.documents.models import AbstractDocument, Document
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, Image, SourceImageIOError


class SiteImage(AbstractImage):
    """A picture with its credit. Alt text is given where the picture is used (ImageBlock), never from the file name."""

    credit = models.CharField(
        "credit",
        max_length=255,
        blank=True,
        help_text="Who made the picture, shown beneath it. For example: Photograph by the Leadership Centre.",
    )

    admin_form_fields = (*Image.admin_form_fields, "credit")

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        permissions = [("choose_image", "Can choose image")]

    @property
    def default_alt_text(self) -> str:
        """The editor's description, or nothing: a file name tells a listener nothing."""
        return getattr(self, "description", "") or ""

    def get_upload_to(self, filename: str) -> str:
        """A name for a file that no other will ever have, so that caches may keep it for ever (core.views.media).

        It begins with what makes it so: names of sizes hold only the beginning of this one.
        """
        return super().get_upload_to(f"v{secrets.token_hex(5)}-{filename}")

    def create_rendition(self, filter: Filter) -> AbstractRendition:
        """Make one size.

        Raises:
            SourceImageIOError: also when it cannot be kept (disk full, store away). Templates show a gap then, not an
                error, and the next reader's page tries again.
        """
        try:
            return super().create_rendition(filter)
        except OSError as error:
            raise SourceImageIOError(str(error)) from error

    def create_renditions(self, *filters: Filter) -> dict[Filter, AbstractRendition]:
        """Make several sizes.

        Raises:
            SourceImageIOError: as for one.
        """
        try:
            return super().create_renditions(*filters)
        except OSError as error:
            raise SourceImageIOError(str(error)) from error


class SiteRendition(AbstractRendition):
    """A picture in one size and format, made when first shown."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta(AbstractRendition.Meta):
        constraints = [
            models.UniqueConstraint(fields=("image", "filter_spec", "focal_point_key"), name="unique_site_rendition")
        ]


class SiteDocument(AbstractDocument):
    """A file to download, with one sentence on what is in it."""

    summary = models.CharField(
        "summary",
        max_length=255,
        blank=True,
        help_text="One sentence on what is in the document, shown beside its download link.",
    )

    former_names = models.JSONField(
        default=list,
        editable=False,
        help_text="Names of the files that this one took the place of. Addresses with them still work.",
    )

    admin_form_fields = (*Document.admin_form_fields, "summary")

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        """Hold the file's ending against those that are taken.

        Wagtail's own does so also where there is no file yet, when one of several that were uploaded at once is given
        its words, and fails as it looks for the field to name.

        Raises:
            ValidationError: the ending is none of them.
        """
        if self.file:
            super().clean()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note the name of the file that another takes the place of."""
        before = type(self).objects.filter(pk=self.pk).first()
        if before and before.file.name != self.file.name and before.filename not in self.former_names:
            self.former_names = [*self.former_names, before.filename]
        super().save(*args, **kwargs)
