"""Pictures and documents from a copy of the old site's folder of uploads."""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images.forms import get_image_form

from core.models import SiteDocument, SiteImage
from wordpress.export import Item, plain

UPLOADS = "/uploads/"
LONGEST_TITLE = 255
# Bytes of a document. Larger ones are for a person to bring over, since each is read as a whole.
LARGEST = 100 * 1024 * 1024


class FileRefused(Exception):
    """A file does not come over. The message says why, and what a person should do."""


def find_file(item: Item, folder: Path | None) -> Path:
    """The file of an attachment.

    Args:
        folder: the copy of wp-content/uploads; None when there is none.

    Raises:
        FileRefused: it is not in the folder.
    """
    if folder is None:
        raise FileRefused("Files come over only with --media and a copy of the folder wp-content/uploads.")
    told = item.meta.get("_wp_attached_file") or unquote(urlsplit(item.attachment).path).partition(UPLOADS)[2]
    try:
        path = (folder / told).resolve()
        is_there = bool(told) and path.is_relative_to(folder.resolve()) and path.is_file()
    except (OSError, ValueError):  # a name too long, or with a NUL
        is_there = False
    if not is_there:
        raise FileRefused(f"The file {told or item.attachment or 'without a name'} is missing. Upload it by hand.")
    return path


def make_file(item: Item, path: Path) -> SiteImage | SiteDocument:
    """The picture or document of a file, checked by the rules for uploads and not saved yet.

    Raises:
        FileRefused: the rules do not take it.
    """
    if path.stat().st_size > LARGEST:
        raise FileRefused(
            f"{path.name} is larger than {LARGEST // 1024 // 1024} MB. Upload it by hand if it is needed."
        )
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    upload = SimpleUploadedFile(path.name, path.read_bytes(), kind)
    title = (item.title or path.stem)[:LONGEST_TITLE]
    try:
        if kind.startswith("image/"):
            file = get_image_form(SiteImage).base_fields["file"].clean(upload)
            alt = plain(item.meta.get("_wp_attachment_image_alt", ""))[:LONGEST_TITLE]
            return SiteImage(title=title, file=file, description=alt)
        document = SiteDocument(title=title, file=upload, summary=plain(item.excerpt)[:LONGEST_TITLE])
        document.full_clean(exclude=["file_hash"])
    except ValidationError as error:
        raise FileRefused(f"{path.name} is refused: {' '.join(error.messages)}") from error
    return document
