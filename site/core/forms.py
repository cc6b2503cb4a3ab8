"""The form with which editors upload pictures."""

import warnings
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class PictureField(WagtailImageField):
    """Refuses broken pictures, and those that are too large, by their first bytes: before anything unpacks them."""

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
    """Wagtail's form with our own field for the file."""

    file = PictureField(label="File", widget=BaseImageForm.Meta.widgets["file"])
