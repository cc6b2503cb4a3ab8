"""What may be uploaded: pictures and documents that are what they say, of a size that the site can stand."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.models import SiteDocument, SiteImage
from tests.factories import SiteImageFactory, picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def png_header(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def many_frames(frames: int = 60) -> bytes:
    """A small file of many large frames."""
    data = BytesIO()
    first, *rest = (Image.new("RGB", (1000, 1000), (number % 256, 0, 0)) for number in range(frames))
    first.save(data, "GIF", save_all=True, append_images=rest)
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


def test_a_picture_of_many_frames_is_refused(admin_client):
    data = many_frames()
    start = time.process_time()
    answer = upload_image(admin_client, "frames.gif", data)
    assert time.process_time() - start < 2
    assert "60,000,000" in str(answer.context["form"].errors["file"])
    assert not SiteImage.objects.exists()


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


DOCUMENTS = {"report.pdf": True, "data.CSV": True, "page.html": False, "x.svg": False, "x.js": False, "x": False}


@pytest.mark.parametrize(("name", "accepted"), DOCUMENTS.items())
def test_only_kinds_of_documents_on_the_list_are_taken(admin_client, name, accepted):
    file = SimpleUploadedFile(name, b"words")
    answer = admin_client.post("/admin/documents/add/", {"title": "A document", "file": file, "summary": "What it is."})
    assert answer.status_code == (302 if accepted else 200)
    assert SiteDocument.objects.exists() is accepted
