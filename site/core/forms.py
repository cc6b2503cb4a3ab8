"""The forms with which editors upload pictures and documents."""

import warnings
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

SMALLER = "Make the picture smaller, for example 2,400 pixels wide, and upload it again."
ANEW = "Open it in the program that made it, save it as JPG or PNG, and upload that."
# What refuses a picture, and what to do then; the names and values in brackets are Wagtail's.
OF_PICTURES = {
    "file_too_large": f"This file is too big (%(file_size)s). At most %(max_filesize)s are taken. {SMALLER}",
    "file_too_many_pixels": "This picture has too many pixels (%(num_pixels)s, all its frames together). At most "
    f"%(max_pixels_count)s are taken. {SMALLER}",
    "invalid_image": f"This is no picture, or a broken one. {ANEW}",
    "invalid_image_known_format": "The name of the file ends in .%(extension)s, but it is a picture of another format "
    f"(%(image_format)s). {ANEW}",
}
# What documents begin with, by the endings of their names. Texts (csv, txt) may begin with anything.
ZIP = b"PK\x03\x04"
FIRST_BYTES = {"pdf": b"%PDF-", "rtf": b"{\\rtf"} | dict.fromkeys(
    ("docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"), ZIP
)
TOO_LARGE = (
    "This file is too big (%(file_size)s). At most %(max_filesize)s are taken. Save it with smaller pictures, or in "
    "several parts, and upload those."
)
NOT_WHAT_IT_SAYS = (
    "The name of the file ends in .%(ending)s, but that is not what is in it. Open it in the program that made it, "
    "save it as %(ending)s, and upload that."
)


class PictureField(WagtailImageField):
    """Refuses broken pictures, and those that are too large, by their first bytes: before anything unpacks them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages |= OF_PICTURES
        self.error_messages["invalid_image_extension"] = (
            f"Pictures of this format are not taken, only {self.supported_formats_text}. {ANEW}"
        )

    def check_image_pixel_size(self, f: Any) -> None:
        """Count the pixels of all frames, then unpack the picture.

        Raises:
            ValidationError: when there are too many, or the picture cannot be unpacked.
        """
        try:
            pixels = count_pixels(f)
            if pixels <= self.max_image_pixels:
                super().check_image_pixel_size(f)
                return
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error
        values = {"num_pixels": f"{pixels:,}", "max_pixels_count": f"{self.max_image_pixels:,}"}
        raise ValidationError(self.error_messages["file_too_many_pixels"] % values, code="file_too_many_pixels")


def count_pixels(file: Any) -> int:
    """The pixels of a picture, all frames together, as its first bytes and the heads of its frames say."""
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we have a limit of our own
        try:
            with Image.open(file) as picture:
                return picture.width * picture.height * getattr(picture, "n_frames", 1)
        except Image.DecompressionBombError:
            return 2 * (Image.MAX_IMAGE_PIXELS or 0)
        finally:
            file.seek(0)


class PictureForm(BaseImageForm):
    """Wagtail's form with our own field for the file, and words on what the description is for."""

    file = PictureField(label="File", widget=BaseImageForm.Meta.widgets["file"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].help_text = (
            "What the picture shows, for people who cannot see it: the alt text wherever the picture is put. "
            "For example: Boats at low tide beneath a row of houses"
        )


class DocumentForm(BaseDocumentForm):
    """Wagtail's form, which also refuses files that are not what their names say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:  # not when several were uploaded at once and are given their words
            self.fields["file"].error_messages["file_too_large"] = TOO_LARGE

    def clean_file(self) -> Any:
        """The file.

        Raises:
            ValidationError: it does not begin as files with the ending of its name do.
        """
        file = self.cleaned_data["file"]
        ending = Path(file.name).suffix.lower().removeprefix(".")
        if "file" in self.changed_data:
            first = FIRST_BYTES.get(ending, b"")
            file.seek(0)
            if file.read(len(first)) != first:
                raise ValidationError(NOT_WHAT_IT_SAYS % {"ending": ending}, code="not_what_it_says")
            file.seek(0)
        return file
