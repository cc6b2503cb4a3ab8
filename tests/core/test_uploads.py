"""What may be uploaded: pictures and documents that are what they say, of a size that the site can stand."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image
from wagtail.images.models import SourceImageIOError

from core.models import SiteDocument, SiteImage
from tests.factories import SiteImageFactory, picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def many_frames(kind: str, frames: int = 60) -> bytes:
    """A small file of many large frames."""
    data = BytesIO()
    first, *rest = (Image.new("RGB", (1000, 1000), (number * 4, number, 0)) for number in range(frames))
    first.save(data, kind, save_all=True, append_images=rest, lossless=True)
    return data.getvalue()


def upload_image(client, name: str, data: bytes):
    return client.post("/admin/images/add/", {"title": "A picture", "file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("name", ["market.png", "MARKET.PNG"])
def test_a_picture_can_be_uploaded(admin_client, name):
    assert upload_image(admin_client, name, picture(40, 30)).status_code == 302
    assert SiteImage.objects.get().width == 40


REFUSED = {
    "drawing.svg": SVG,
    "drawing.png": SVG,
    "page.html": b"<script>alert(1)</script>",
    "page.png": b"<script>alert(1)</script>",
    "polyglot.gif": b"GIF89a/*" + b"\x00" * 40 + b"*/=1;alert(1)",
    "picture.jpg": picture(40, 30),
    "empty.png": b"",
    "program.exe": b"MZ",
    "huge.png": png_header(12_700, 10_000),
    "enormous.png": png_header(60_000, 60_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_of_ours_is_refused_quickly(admin_client, name):
    start = time.process_time()
    answer = upload_image(admin_client, name, REFUSED[name])
    assert time.process_time() - start < 2
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not SiteImage.objects.exists()


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_picture_of_many_frames_is_refused(admin_client, kind):
    data = many_frames(kind)
    start = time.process_time()
    answer = upload_image(admin_client, f"frames.{kind}", data)
    assert time.process_time() - start < 2
    assert "60,000,000" in str(answer.context["form"].errors["file"])
    assert not SiteImage.objects.exists()


TOLD = {
    "drawing.svg": "Pictures of this format are not taken, only JPG, JPEG, PNG, WEBP, AVIF, GIF.",
    "broken.png": "This is no picture, or a broken one. Open it in the program that made it",
    "picture.jpg": "The name of the file ends in .jpeg, but it is a picture of another format (png).",
    "huge.png": "This picture has too many pixels (127,000,000, all its frames together).",
    "heavy.png": "This file is too big (16.0\xa0MB). At most 15.0\xa0MB are taken. Make the picture smaller",
}


@pytest.mark.parametrize("name", TOLD)
def test_who_is_refused_is_told_what_to_do(admin_client, name):
    data = REFUSED | {"heavy.png": picture(40, 30) + bytes(16 * 1024 * 1024), "broken.png": picture(40, 30)[:60]}
    (said,) = upload_image(admin_client, name, data[name]).context["form"].errors["file"]
    assert TOLD[name] in said
    assert said.endswith(("upload that.", "upload it again."))
    assert not SiteImage.objects.exists()


def test_what_hangs_on_to_a_picture_is_never_run(admin_client, client):
    more = picture(40, 30) + b"alert('script')"
    assert upload_image(admin_client, "more.png", more).status_code == 302
    image = SiteImage.objects.get()
    answer = client.get(image.file.url)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    with image.get_rendition("width-20").open_file() as file:
        assert b"script" not in file.read()


def test_several_pictures_at_once_are_held_to_the_same(admin_client):
    for name in ("huge.png", "polyglot.gif", "drawing.svg"):
        file = SimpleUploadedFile(name, REFUSED[name])
        answer = admin_client.post(
            "/admin/images/multiple/add/",
            {"title": name, "files[]": file},
            headers={"x-requested-with": "XMLHttpRequest"},
        )
        assert answer.json()["success"] is False, name
    assert not SiteImage.objects.exists()


def test_a_picture_can_be_kept_when_its_words_are_changed(admin_client):
    image = SiteImageFactory(width=40, height=30)
    answer = admin_client.post(f"/admin/images/{image.pk}/", {"title": "Another title", "credit": "By somebody"})
    assert answer.status_code == 302
    image.refresh_from_db()
    assert (image.title, image.credit, image.width) == ("Another title", "By somebody", 40)


def upload_document(client, name: str, data: bytes):
    file = SimpleUploadedFile(name, data)
    return client.post("/admin/documents/add/", {"title": "A document", "file": file, "summary": "What it is."})


PDF, ZIPPED = b"%PDF-1.7 words", b"PK\x03\x04 words"
DOCUMENTS = {
    "report.pdf": (PDF, True),
    "REPORT.PDF": (PDF, True),
    "data.CSV": (b"words", True),
    "letter.docx": (ZIPPED, True),
    "letter.rtf": (b"{\\rtf1 words", True),
    "page.html": (b"words", False),
    "x.svg": (SVG, False),
    "x.js": (b"words", False),
    "x": (b"words", False),
    "page.pdf": (b"<script>alert(1)</script>%PDF-1.7", False),
    "svg.pdf": (SVG, False),
    "program.docx": (b"MZ", False),
    "empty.pdf": (b"", False),
    "report.xlsx": (PDF, False),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_only_documents_that_are_what_they_say_are_taken(admin_client, name):
    data, accepted = DOCUMENTS[name]
    answer = upload_document(admin_client, name, data)
    assert answer.status_code == (302 if accepted else 200)
    assert SiteDocument.objects.exists() is accepted
    if accepted:
        with SiteDocument.objects.get().open_file() as file:
            assert file.read() == data


def test_a_document_that_is_refused_is_told_what_to_do(admin_client):
    answer = upload_document(admin_client, "svg.pdf", SVG)
    assert "save it as pdf, and upload that." in str(answer.context["form"].errors["file"])


def test_a_document_that_is_too_large_is_refused(admin_client, settings):
    assert settings.WAGTAILDOCS_MAX_UPLOAD_SIZE == 50 * 1024 * 1024
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = len(PDF)
    answer = upload_document(admin_client, "report.pdf", PDF + b" ")
    assert "Save it with smaller pictures" in str(answer.context["form"].errors["file"])
    assert not SiteDocument.objects.exists()
    assert upload_document(admin_client, "report.pdf", PDF).status_code == 302


def test_several_documents_at_once_are_held_to_the_same(admin_client):
    for name, taken in (("svg.pdf", False), ("x.svg", False), ("report.pdf", True)):
        answer = admin_client.post(
            "/admin/documents/multiple/add/",
            {"title": name, "files[]": SimpleUploadedFile(name, DOCUMENTS[name][0])},
            headers={"x-requested-with": "XMLHttpRequest"},
        )
        assert answer.json()["success"] is taken, name


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_what_the_disk_cannot_take_is_said_in_the_form_and_the_former_file_stays(admin_client, monkeypatch, kind):
    name, data = ("map.png", picture(300, 200)) if kind == "images" else ("report.pdf", b"%PDF-1.7")
    admin_client.post(f"/admin/{kind}/add/", {"title": "First", "file": SimpleUploadedFile(name, data)})
    record = (SiteImage if kind == "images" else SiteDocument).objects.get()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    edit = f"/admin/documents/edit/{record.pk}/" if kind == "documents" else f"/admin/images/{record.pk}/"
    for address in (f"/admin/{kind}/add/", edit):
        answer = admin_client.post(address, {"title": "What I typed", "file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 200
        assert "The file could not be kept" in answer.content.decode()
        assert "What I typed" in answer.content.decode()
    several = {"title": name, "files[]": SimpleUploadedFile(name, data)}
    answer = admin_client.post(f"/admin/{kind}/multiple/add/", several, headers={"x-requested-with": "XMLHttpRequest"})
    assert "The file could not be kept" in answer.json()["error_message"]
    kept = type(record).objects.get()
    assert kept.title == "First"
    with kept.file.open() as file:
        assert file.read() == data


@pytest.mark.parametrize("sizes", [["width-100"], ["width-100", "width-200"]])
def test_a_size_that_cannot_be_kept_is_what_pages_show_as_a_gap(db, monkeypatch, sizes):
    image = SiteImageFactory()

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(SourceImageIOError), transaction.atomic():
        image.get_renditions(*sizes)
    assert not image.renditions.exists()
