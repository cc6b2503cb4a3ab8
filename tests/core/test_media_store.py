"""Uploaded files in a bucket: what editors and readers see, and what they see while the store is away."""

import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult
from wagtail.models import Collection, CollectionViewRestriction

from config import environment
from core.backup.media import Store, media
from core.cards import card_address
from core.media_store import StoreError
from core.media_store import bucket as bucket_module
from core.media_store.bucket import MediaStore
from core.models import SiteDocument, SiteImage
from core.tasks import delete_file
from tests import factories as make
from tests.factories import picture
from tests.s3_server import SECRET, S3Server

VARIABLE = "MEDIA_STORAGE_URL"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    started = S3Server(tmp_path_factory.mktemp("s3") / "buckets").start()
    yield started
    started.stop()


@pytest.fixture
def use(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Keep uploaded files at an address."""

    def at(url: str) -> None:
        monkeypatch.setattr(bucket_module, "_patience", bucket_module._Patience())
        settings.MEDIA_STORE = environment.media_store(VARIABLE, url)
        settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "core.media_store.bucket.MediaStore"}}

    return at


@pytest.fixture
def bucket(use: Any, server: S3Server) -> S3Server:
    """Uploaded files are in a bucket of a running server, in a folder of this test's own."""
    use(f"{server.url}/{time.monotonic_ns()}")
    return server


@pytest.fixture
def away(use: Any, server: S3Server) -> Any:
    """Nobody listens where the store should be, from when this is called."""
    return lambda: use(server.url.replace(str(server.port), str(unused_port())))


def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def upload(client: Client, kind: str, name: str, data: bytes, title: str = "A thing") -> Any:
    return client.post(f"/admin/{kind}/add/", {"title": title, "file": SimpleUploadedFile(name, data)})


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


# --- Readers and editors -----------------------------------------------------------------------------


def test_a_picture_is_kept_and_shown_by_the_site(db: None, admin_client: Client, client: Client, bucket: Any) -> None:
    assert upload(admin_client, "images", "map of it.png", picture(1280, 720)).status_code == 302
    image = SiteImage.objects.get()
    rendition = image.get_rendition("width-400|format-webp")
    for file, kind in ((image.file, "image/png"), (rendition.file, "image/webp")):
        assert file.url.startswith("/media/")
        answer = client.get(file.url)
        assert body_of(answer) == file.read()
        assert answer["Content-Type"] == kind
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert bucket.status_for_strangers(f"{default_storage.location}/{file.name}") >= 400
    assert image.file_size == len(picture(1280, 720)) and image.width == 1280
    for address in (f"/admin/images/{image.pk}/", "/admin/images/"):
        assert admin_client.get(address).status_code == 200
    assert client.get("/media/images/none.png").status_code == 404
    assert client.get("/media/images/../original_images/none.png").status_code == 404


def test_a_replaced_picture_has_another_address_and_the_old_one_is_gone(
    db: None, admin_client: Client, client: Client, bucket: Any, django_capture_on_commit_callbacks: Any
) -> None:
    upload(admin_client, "images", "map.png", picture(1280, 720))
    image = SiteImage.objects.get()
    old = [image.file.url, image.get_rendition("width-400").url]
    values = {"title": image.title, "file": SimpleUploadedFile("map.png", picture(1300, 720))}
    with django_capture_on_commit_callbacks(execute=True):
        assert admin_client.post(f"/admin/images/{image.pk}/", values).status_code == 302
    image.refresh_from_db()
    new = [image.file.url, image.get_rendition("width-400").url]
    assert image.width == 1300
    assert not {*old} & {*new}
    assert [client.get(address).status_code for address in old + new] == [404, 404, 200, 200]


def test_documents_are_asked_for_at_the_site_and_private_ones_stay_so(
    db: None, admin_client: Client, client: Client, bucket: Any
) -> None:
    upload(admin_client, "documents", "report.pdf", b"%PDF-1.7 secret")
    document = SiteDocument.objects.get()
    answer = client.get(document.url)
    assert body_of(answer) == b"%PDF-1.7 secret"
    assert (answer["Content-Disposition"], answer["X-Content-Type-Options"]) == ("inline", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"/media/{document.file.name}").status_code == 404

    document.collection = Collection.get_first_root_node().add_child(name="Private")
    document.save()
    CollectionViewRestriction.objects.create(collection=document.collection, restriction_type="login")
    assert client.get(document.url).status_code == 302
    assert body_of(admin_client.get(document.url)) == b"%PDF-1.7 secret"
    assert bucket.status_for_strangers(f"{default_storage.location}/{document.file.name}") >= 400
    assert bucket.status_for_strangers() >= 400

    default_storage.delete(document.file.name)
    assert admin_client.get(document.url).status_code == 404


def test_a_replaced_document_keeps_its_name(db: None, admin_client: Client, client: Client, bucket: Any) -> None:
    upload(admin_client, "documents", "minutes.pdf", b"%PDF-1.7 old")
    document = SiteDocument.objects.get()
    before = document.file.name
    values = {"title": "Minutes", "file": SimpleUploadedFile("minutes.pdf", b"%PDF-1.7 new")}
    assert admin_client.post(f"/admin/documents/edit/{document.pk}/", values).status_code == 302
    assert body_of(client.get(document.url)) == b"%PDF-1.7 new"
    assert document.url.endswith("/minutes.pdf") and not default_storage.exists(before)


def test_a_social_card_is_drawn_once(tree: Any, client: Client, bucket: Any, monkeypatch: Any) -> None:
    address = card_address(tree.about)
    drawn = client.get(address)
    monkeypatch.setattr("core.cards.draw_card", lambda card: pytest.fail("it was drawn before"))
    assert drawn.status_code == 200 and client.get(address).content == drawn.content


def test_a_deleted_picture_leaves_the_bucket(db: None, bucket: Any, django_capture_on_commit_callbacks: Any) -> None:
    image = make.SiteImageFactory()
    name = image.file.name
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert not default_storage.exists(name)


def test_what_a_task_writes_down_of_the_store_has_no_secret(bucket: Any) -> None:
    assert default_storage.deconstruct() == ("core.media_store.bucket.MediaStore", (), {})


# --- A store that is away ----------------------------------------------------------------------------


def test_pages_answer_and_pictures_say_that_they_cannot_be_read(
    tree: Any, client: Client, bucket: Any, away: Any
) -> None:
    image = make.SiteImageFactory()
    document = make.SiteDocumentFactory()
    tree.about.body = [("picture", {"image": {"image": image, "alt_text": "x", "decorative": False}, "caption": ""})]
    tree.about.save_revision().publish()
    away()
    assert client.get("/about/").status_code == 200
    for address in (image.file.url, document.url):
        answer = client.get(address)
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert "no-store" in answer["Cache-Control"]
    card = client.get(card_address(tree.about))
    assert card.status_code == 200 and card.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("kind", "name", "data"), [("images", "map.png", picture(1280, 720)), ("documents", "report.pdf", b"%PDF-1.7")]
)
def test_an_upload_says_so_and_loses_nothing(
    db: None, admin_client: Client, bucket: Any, away: Any, kind: str, name: str, data: bytes, caplog: Any
) -> None:
    upload(admin_client, kind, name, data)
    model = SiteImage if kind == "images" else SiteDocument
    record = model.objects.get()
    away()
    answer = upload(admin_client, kind, name, data, title="What I typed")
    assert answer.status_code == 200
    assert "The file could not be kept" in answer.content.decode() and "What I typed" in answer.content.decode()
    edit = f"/admin/documents/edit/{record.pk}/" if kind == "documents" else f"/admin/images/{record.pk}/"
    answer = admin_client.post(edit, {"title": "What I typed", "file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 200 and "The file could not be kept" in answer.content.decode()
    kept = model.objects.get()
    assert (kept.title, kept.file.name) == (record.title, record.file.name)
    assert SECRET not in caplog.text


def test_what_cannot_be_deleted_is_deleted_later(db: None, bucket: Any, use: Any, away: Any, settings: Any) -> None:
    name = default_storage.save("documents/a.txt", ContentFile(b"private"))
    here = settings.MEDIA_STORE
    away()
    default_storage.delete(name)
    waiting = DBTaskResult.objects.get()
    assert waiting.args_kwargs["args"] == [name] and waiting.run_after
    use(bucket.url)
    settings.MEDIA_STORE = here
    settings.STORAGES = dict(settings.STORAGES)
    assert MediaStore().exists(name)
    delete_file.func(name)
    assert not MediaStore().exists(name) and DBTaskResult.objects.count() == 1


def test_one_that_hangs_is_waited_for_once_and_then_by_one_call_at_a_time(
    use: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_module, "READ_SECONDS", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        use(f"s3+http://key:secret@127.0.0.1:{silent.getsockname()[1]}/bucket")

        def seconds() -> float:
            began = time.monotonic()
            with pytest.raises(StoreError):
                default_storage.open("images/a.png")
            return time.monotonic() - began

        assert seconds() > 0.3  # tried twice
        assert max(seconds() for _ in range(20)) < 0.1
        bucket_module._patience._tried_at -= bucket_module.REST_SECONDS
        assert seconds() > 0.3
        assert seconds() < 0.1


def test_it_is_used_again_at_once_when_it_answers(bucket: Any, caplog: Any) -> None:
    caplog.set_level("INFO")
    bucket_module._patience.end(answered=False)
    bucket_module._patience._tried_at -= bucket_module.REST_SECONDS
    assert not default_storage.exists("images/a.png")
    assert not default_storage.exists("images/b.png")
    assert caplog.messages == ["The store of files does not answer", "The store of files answers again"]


def test_wrong_keys_are_an_error_that_names_no_secret(use: Any, server: S3Server, caplog: Any) -> None:
    use(server.url.replace("THE-KEY:the", "THE-KEY:another"))
    with pytest.raises(StoreError, match="refuses"):
        default_storage.exists("images/a.png")
    assert "refuses" in caplog.text and "another" not in caplog.text and SECRET not in caplog.text


# --- Backup and restore ------------------------------------------------------------------------------


def test_files_are_copied_and_brought_back_as_they_were(bucket: Any, tmp_path: Path) -> None:
    store = media()
    assert isinstance(store, Store) and store.is_empty()
    held = {"original_images/a b.png": b"a" * 100, "documents/ab/report.pdf": b"r" * 3_000_000, "images/ü.webp": b""}
    for name, data in held.items():
        MediaStore().put(name, ContentFile(data))
    copied = {name: (file.read(), size) for name, file, size, changed_at in store.files() if changed_at > 0}
    assert copied == {name: (data, len(data)) for name, data in held.items()}

    MediaStore().put("images/later.webp", ContentFile(b"later"))
    MediaStore().put("original_images/a b.png", ContentFile(b"changed"))
    counted: list[int] = []
    contents = ((name, io.BytesIO(data)) for name, data in held.items())
    with store.bringing(contents, counted.append) as brought:
        assert MediaStore().exists("images/later.webp")
        brought.put_in_place()
    assert {name: file.read() for name, file, *_ in store.files()} == held
    assert sum(counted) == sum(map(len, held.values()))
