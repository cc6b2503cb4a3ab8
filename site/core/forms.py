"""The forms with which editors upload pictures and documents."""

import logging
import re
import secrets
import warnings
import zipfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.admin.forms.collections import BaseCollectionMemberForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

logger = logging.getLogger(__name__)

NOT_KEPT = (
    "The file could not be kept: the place where the site keeps files does not answer, or is full. Nothing has been "
    "changed. Choose the file again and save in a few minutes, and tell whoever runs the site if it goes on."
)
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
    "something_else": "This picture is also a web page, a script or an archive, which could be used to attack readers. "
    f"{ANEW}",
}
# A frame takes time however small it is: of several, each counts as so many pixels at least. At most a thousand so.
SMALLEST_FRAME = 50_000
# What begins a web page, a program of a server or a PDF wherever it stands; no picture program writes it as it is.
FOREIGN = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php)[\s/>]|%PDF-", re.IGNORECASE)
# Where the first bytes of a JPEG or WebP, and of a GIF, can open a comment of JavaScript around the picture.
COMMENTS = (slice(4, 6), slice(6, 8))
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
    """Refuses pictures that are something else too, and broken or too large ones before anything unpacks them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages |= OF_PICTURES
        self.error_messages["invalid_image_extension"] = (
            f"Pictures of this format are not taken, only {self.supported_formats_text}. {ANEW}"
        )

    def check_image_file_format(self, f: Any) -> None:
        """Compare what is in the file with its name, and look for what is no part of a picture.

        Raises:
            ValidationError: it is another format than its name says, or something else as well.
        """
        super().check_image_file_format(f)
        if is_something_else(f):
            raise ValidationError(self.error_messages["something_else"], code="something_else")

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
                pixels, frames = picture.width * picture.height, getattr(picture, "n_frames", 1)
                return pixels if frames == 1 else frames * max(pixels, SMALLEST_FRAME)
        except Image.DecompressionBombError:
            return 2 * (Image.MAX_IMAGE_PIXELS or 0)
        finally:
            file.seek(0)


def is_something_else(file: Any) -> bool:
    """Whether a file could be taken for a web page, a script, a PDF or an archive, whatever else it is."""
    file.seek(0)
    data = file.read()
    is_archive = zipfile.is_zipfile(file)
    file.seek(0)
    return is_archive or bool(FOREIGN.search(data)) or any(data[part] == b"/*" for part in COMMENTS)


class KeepsFile(BaseCollectionMemberForm):
    """Stores an uploaded file as the last step of looking over the form.

    So what keeps it from being stored is an error of the form, in which all that was typed still stands, and a file
    that it replaces is deleted only after it is there.
    """

    def full_clean(self) -> None:
        """Look over the form, then store the file if all is right."""
        super().full_clean()
        if not self.is_bound or self.errors or "file" not in self.changed_data:
            return
        kept = self.instance.file
        try:
            kept.save(self.name_to_keep(kept.name), kept.file, save=False)
        except OSError as error:
            logger.error("An uploaded file could not be kept", extra={"error": type(error).__name__})
            self.add_error("file", NOT_KEPT)

    def name_to_keep(self, name: str) -> str:
        """The name to keep a file under, in the folder of its kind."""
        return name


class PictureForm(KeepsFile, BaseImageForm):
    """Wagtail's form with our own field for the file, and words on what the description is for."""

    file = PictureField(label="File", widget=BaseImageForm.Meta.widgets["file"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].help_text = (
            "What the picture shows, for people who cannot see it: the alt text wherever the picture is put. "
            "For example: Boats at low tide beneath a row of houses"
        )


class DocumentForm(KeepsFile, BaseDocumentForm):
    """Wagtail's form, which also refuses files that are not what their names say."""

    def name_to_keep(self, name: str) -> str:
        """In a folder of its own: a document's address ends in its file's name, even if another was called the same."""
        return f"{secrets.token_hex(5)}/{Path(name).name}"

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
