"""Wherever the admin takes a file, the same are refused: quickly, with what to do, without harm to what is there."""

import functools
import struct
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.users.models import UserProfile

from core.forms import SMALLEST_FRAME
from core.models import SiteDocument, SiteImage
from tests import factories as make
from tests.core.test_uploads import PDF, SVG, ZIPPED, many_frames
from tests.factories import picture
from tests.html import parse

# Seconds of a processor until the answer.
QUICK = 2.0
SCRIPT = {"x-requested-with": "XMLHttpRequest"}


def zipped() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("attack.html", "<script>alert(1)</script>")
    return data.getvalue()


def saved(kind: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    data = BytesIO()
    Image.new("RGB", size, "#48a").save(data, kind, **options)
    return data.getvalue()


def many_pixels() -> bytes:
    """127 megapixels that are really there, in a small file."""
    data = BytesIO()
    Image.new("1", (12_700, 10_000)).save(data, "PNG")
    return data.getvalue()


def gif(width: int, height: int, frames: int) -> bytes:
    """A GIF of frames of one pixel (CompuServe, "Graphics Interchange Format", version 89a)."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame * frames + b";"


def chunked(data: bytes, start: int) -> list[bytes]:
    """The chunks of a WebP file, each with its head (Google, "WebP Container Specification")."""
    found = []
    while start < len(data):
        length = 8 + int.from_bytes(data[start + 4 : start + 8], "little")
        length += length % 2
        found.append(data[start : start + length])
        start += length
    return found


def webp(frames: int) -> bytes:
    """A WebP of so many large frames, of which two were really made."""
    chunks = chunked(many_frames("webp", 2), 12)
    more = [chunk for chunk in chunks if chunk.startswith(b"ANMF")][:1] * (frames - 2)
    body = b"WEBP" + b"".join([*chunks, *more])
    return b"RIFF" + struct.pack("<I", len(body)) + body


# What is refused: its name, what makes it, a part of what is said.
PIXELS, ELSE = "This picture has too many pixels", "This picture is also a web page, a script or an archive"
PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "drawing.svg": (lambda: SVG, "Pictures of this format are not taken"),
    "drawing.png": (lambda: SVG, "but it is a picture of another format (svg)"),
    "broken.png": (lambda: picture(40, 30)[:60], "This is no picture, or a broken one"),
    "page.png": (lambda: picture(40, 30) + b"<!DOCTYPE html><p>words", ELSE),
    "page.jpg": (lambda: saved("JPEG", comment=b"<SCRIPT>alert(1)</SCRIPT>"), ELSE),
    "program.php.gif": (lambda: saved("GIF") + b"<?php system($_GET[0]); ?>", ELSE),
    "script.gif": (lambda: gif(int.from_bytes(b"/*", "little"), 2, 1) + b"*/=1;alert(1)", ELSE),
    "archive.webp": (lambda: saved("WEBP") + zipped(), ELSE),
    "paper.jpg": (lambda: saved("JPEG") + b"%PDF-1.7", ELSE),
    "large.png": (many_pixels, PIXELS),
    "frames.gif": (lambda: gif(1000, 1000, 60), PIXELS),
    "frames.webp": (lambda: webp(60), PIXELS),
    "tiny-frames.gif": (lambda: gif(1, 1, 100_000), PIXELS),
    "frames.avif": (lambda: many_frames("avif", 2), "This is no picture, or a broken one"),
    "frames.png": (lambda: many_frames("png", 2), "This is no picture, or a broken one"),
}
DOCUMENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "drawing.svg": (lambda: SVG, "File extension “svg” is not allowed."),
    "page.html": (lambda: b"<script>alert(1)</script>", "File extension “html” is not allowed."),
    "page.pdf": (lambda: b"<script>alert(1)</script>" + PDF, "that is not what is in it"),
    "drawing.docx": (lambda: SVG, "that is not what is in it"),
    "archive.pdf": (lambda: ZIPPED, "that is not what is in it"),
    "large.pdf": (lambda: PDF + bytes(50 * 1024 * 1024), "This file is too big"),
}


@functools.cache
def made(name: str) -> bytes:
    """A file of those above, made once."""
    return (PICTURES | DOCUMENTS)[name][0]()


def words(answer: Any) -> str:
    return " ".join(parse(answer.content.decode()).get_text(" ").split())


# Each way to send a file: the answer's words.
def by_form(kind: str) -> Callable[[Client, SimpleUploadedFile], str]:
    return lambda client, file: words(client.post(f"/admin/{kind}/add/", {"title": "A file", "file": file}))


def by_many(kind: str) -> Callable[[Client, SimpleUploadedFile], str]:
    def send(client: Client, file: SimpleUploadedFile) -> str:
        data = {"title": "A file", "files[]": file}
        answer = client.post(f"/admin/{kind}/multiple/add/", data, headers=SCRIPT).json()
        return "" if answer["success"] else answer["error_message"]

    return send


def by_chooser(kind: str, prefix: str) -> Callable[[Client, SimpleUploadedFile], str]:
    def send(client: Client, file: SimpleUploadedFile) -> str:
        data = {f"{prefix}-title": "A file", f"{prefix}-file": file}
        answer = client.post(f"/admin/{kind}/chooser/create/", data).json()
        return " ".join(parse(answer.get("htmlFragment", "")).get_text(" ").split())

    return send


def in_place_of_an_image(client: Client, file: SimpleUploadedFile) -> str:
    image = SiteImage.objects.first()
    return words(client.post(f"/admin/images/{image.pk}/", {"title": image.title, "file": file}))


def in_place_of_a_document(client: Client, file: SimpleUploadedFile) -> str:
    document = SiteDocument.objects.first()
    return words(client.post(f"/admin/documents/edit/{document.pk}/", {"title": document.title, "file": file}))


def as_a_picture_of_oneself(client: Client, file: SimpleUploadedFile) -> str:
    page = parse(client.get("/admin/account/").content.decode())
    data = {field["name"]: field.get("value", "Ada") for field in page.select("input[type=text], input[type=email]")}
    data |= {
        field["name"]: (field.select_one("[selected]") or field.option)["value"]
        for field in page.select("select[name]")
    }
    return words(client.post("/admin/account/", data | {"avatar-avatar": file}))


OF_PICTURES = {
    "one": by_form("images"),
    "many": by_many("images"),
    "chooser": by_chooser("images", "image-chooser-upload"),
    "another file": in_place_of_an_image,
    "oneself": as_a_picture_of_oneself,
}
OF_DOCUMENTS = {
    "one": by_form("documents"),
    "many": by_many("documents"),
    "chooser": by_chooser("documents", "document-chooser-upload"),
    "another file": in_place_of_a_document,
}


def send_and_time(send: Callable[..., str], client: Client, name: str) -> str:
    file = SimpleUploadedFile(name, made(name))
    began = time.process_time()
    said = send(client, file)
    assert time.process_time() - began < QUICK, name
    return said


@pytest.mark.parametrize("way", OF_PICTURES)
def test_pictures_that_could_do_harm_are_refused_everywhere(db: None, admin_client: Client, way: str) -> None:
    there = make.SiteImageFactory(width=40, height=30)
    before = (there.file.name, there.file_hash, SiteImage.objects.count())
    for name, (_, why) in PICTURES.items():
        said = send_and_time(OF_PICTURES[way], admin_client, name)
        assert why in said, f"{name}: {said[-500:]}"
        assert "save it as JPG or PNG, and upload that." in said or "upload it again." in said, name
    there.refresh_from_db()
    assert (there.file.name, there.file_hash, SiteImage.objects.count()) == before
    assert not any(UserProfile.objects.values_list("avatar", flat=True))


@pytest.mark.parametrize("way", OF_DOCUMENTS)
def test_documents_that_could_do_harm_are_refused_everywhere(db: None, admin_client: Client, way: str) -> None:
    there = make.SiteDocumentFactory()
    before = (there.file.name, SiteDocument.objects.count())
    for name, (_, why) in DOCUMENTS.items():
        said = send_and_time(OF_DOCUMENTS[way], admin_client, name)
        assert why in said, f"{name}: {said[-500:]}"
    there.refresh_from_db()
    assert (there.file.name, SiteDocument.objects.count()) == before


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_honest_pictures_are_taken(db: None, admin_client: Client, kind: str) -> None:
    described = {"exif": Image.Exif(), "xmp": b'<?xpacket begin=""?><x:xmpmeta><rdf:RDF></rdf:RDF></x:xmpmeta>'}
    data = saved(kind, **(described if kind in ("JPEG", "WEBP") else {}))
    name = f"honest.{'jpg' if kind == 'JPEG' else kind.lower()}"
    for way in ("one", "many", "chooser", "another file", "oneself"):
        OF_PICTURES[way](admin_client, SimpleUploadedFile(name, data))
    assert SiteImage.objects.count() >= 3
    assert UserProfile.objects.get().avatar.name.startswith("avatar_images/")


def test_an_animation_of_a_thousand_small_frames_is_taken_and_no_more(db: None, admin_client: Client) -> None:
    most = 50_000_000 // SMALLEST_FRAME
    for frames, taken in ((most + 1, False), (most, True)):
        by_form("images")(admin_client, SimpleUploadedFile("frames.gif", gif(1, 1, frames)))
        assert SiteImage.objects.exists() is taken
