"""Another file in the place of a picture's or document's: addresses stay, pages show the new one at once."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import Collection, CollectionViewRestriction

from core.models import SiteDocument, SiteImage
from core.page_cache import generation
from home.models import StandardPage
from tests import factories as make
from tests.factories import picture


def replace(client: Client, kind: str, record: Any, name: str, data: bytes) -> None:
    values = {"title": record.title, "file": SimpleUploadedFile(name, data)}
    assert client.post(f"/admin/{kind}/{'edit/' if kind == 'documents' else ''}{record.pk}/", values).status_code == 302


def upload(client: Client, name: str, data: bytes) -> SiteDocument:
    client.post("/admin/documents/add/", {"title": "Report", "file": SimpleUploadedFile(name, data)})
    return SiteDocument.objects.get()


def body_of(answer: Any) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.fixture
def generations(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Each time that kept pages became old."""
    seen: list[bool] = []
    monkeypatch.setattr("core.page_cache.changes.advance", lambda: seen.append(True))
    assert generation.advance
    return seen


def test_a_document_keeps_the_addresses_that_it_had(admin_client: Client, client: Client) -> None:
    document = upload(admin_client, "report-2024.pdf", b"%PDF-1.7 old")
    old = document.url
    replace(admin_client, "documents", document, "report-2025.pdf", b"%PDF-1.7 new")
    document.refresh_from_db()
    assert document.url != old
    for address in (old, document.url):
        answer = client.get(address)
        assert body_of(answer) == b"%PDF-1.7 new"
        assert "report-2025.pdf" in answer["Content-Disposition"]
    replace(admin_client, "documents", document, "report-2026.pdf", b"%PDF-1.7 newest")
    document.refresh_from_db()
    assert document.former_names == ["report-2024.pdf", "report-2025.pdf"]
    assert body_of(client.get(old)) == b"%PDF-1.7 newest"


def test_a_file_of_the_same_name_takes_the_same_address(admin_client: Client, client: Client) -> None:
    document = upload(admin_client, "minutes.pdf", b"%PDF-1.7 old")
    old = document.url
    replace(admin_client, "documents", document, "minutes.pdf", b"%PDF-1.7 new")
    document.refresh_from_db()
    assert document.url == old
    assert body_of(client.get(old)) == b"%PDF-1.7 new"


def test_a_picture_may_be_kept_for_ever_and_none_has_its_address_again(admin_client: Client, client: Client) -> None:
    addresses = set()
    for _ in range(3):
        file = SimpleUploadedFile("2019010112-map.png", picture(300, 200))
        admin_client.post("/admin/images/add/", {"title": "Map", "file": file})
        image = SiteImage.objects.get()
        answer = client.get(image.file.url, headers={"accept-encoding": "gzip"})
        assert body_of(answer) == picture(300, 200)  # which nothing makes smaller
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        addresses |= {image.file.url, image.get_rendition("width-100").url}
        image.file.delete(save=False)
        image.delete()
    assert len(addresses) == 6


def test_a_picture_of_another_name_is_asked_for_each_time(client: Client, db: None) -> None:
    name = default_storage.save("original_images/2019010112-map.png", ContentFile(picture(300, 200)))
    answer = client.get(f"/media/{name}")
    assert body_of(answer) == picture(300, 200)
    assert "max-age=0" in answer["Cache-Control"]
    since = {"if-modified-since": answer["Last-Modified"]}
    assert client.get(f"/media/{name}", headers=since).status_code == 304


def test_no_other_name_opens_a_document(admin_client: Client, client: Client) -> None:
    document = upload(admin_client, "report.pdf", b"%PDF-1.7 old")
    replace(admin_client, "documents", document, "new.pdf", b"%PDF-1.7 new")
    for name in ("other.pdf", "", "report", "new.pdf/x", "%2e%2e"):
        assert client.get(f"/documents/{document.pk}/{name}").status_code == 404, name
    for pk in (document.pk + 1, "9" * 18, "9" * 40):
        assert client.get(f"/documents/{pk}/report.pdf").status_code == 404, pk


def test_an_old_address_of_a_private_document_asks_as_the_new_one_does(admin_client: Client, client: Client) -> None:
    document = upload(admin_client, "report.pdf", b"%PDF-1.7 old")
    old = document.url
    replace(admin_client, "documents", document, "new.pdf", b"%PDF-1.7 new")
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(collection=private, restriction_type=CollectionViewRestriction.LOGIN)
    SiteDocument.objects.filter(pk=document.pk).update(collection=private)
    assert client.get(old).status_code == 302


def test_words_that_are_changed_note_no_name(admin_client: Client) -> None:
    document = upload(admin_client, "report.pdf", b"%PDF-1.7 old")
    admin_client.post(f"/admin/documents/edit/{document.pk}/", {"title": "Another title"})
    document.refresh_from_db()
    assert (document.title, document.former_names) == ("Another title", [])


def test_pages_that_show_a_document_show_the_new_one(
    tree: Any, admin_client: Client, client: Client, generations: list[bool], django_capture_on_commit_callbacks: Any
) -> None:
    document = upload(admin_client, "report.pdf", b"%PDF-1.7 old")
    page = make.StandardPageFactory()
    page.body = StandardPage.body.field.stream_block.to_python(
        [{"type": "download", "value": {"document": document.pk, "summary": ""}}]
    )
    page.save()
    assert document.url in client.get(page.url).content.decode()
    del generations[:]
    with django_capture_on_commit_callbacks(execute=True):
        replace(admin_client, "documents", document, "longer.pdf", b"%PDF-1.7" + b" " * 50_000)
    assert generations
    document.refresh_from_db()
    shown = client.get(page.url).content.decode()
    assert document.url in shown
    assert "48.8" in shown


def test_pages_that_show_a_picture_show_the_new_one(
    tree: Any, admin_client: Client, client: Client, generations: list[bool], django_capture_on_commit_callbacks: Any
) -> None:
    image = make.SiteImageFactory()
    page = make.NewsArticlePageFactory(listing_image=image)

    def shown() -> set[str]:
        return set(re.findall(r"/media/images/[^\" ]+", client.get(page.url).content.decode()))

    before = shown()
    assert before
    del generations[:]
    with django_capture_on_commit_callbacks(execute=True):
        replace(admin_client, "images", image, "another.png", picture(900, 600))
    assert generations
    after = shown()
    assert after
    assert not before & after
    assert {client.get(address).status_code for address in after} == {200}
    kept = SiteImage.objects.get(pk=image.pk)
    assert (kept.width, kept.height) == (900, 600)
    assert all("another" in rendition.file.name for rendition in kept.renditions.all())


@pytest.mark.parametrize("kind", ["image", "document"])
def test_deleting_a_file_tells_first_where_it_is_used(tree: Any, admin_client: Client, kind: str) -> None:
    image = make.SiteImageFactory()
    document = upload(admin_client, "report.pdf", b"%PDF-1.7 old")
    page = make.NewsArticlePageFactory(listing_image=image)
    page.body = page.body.stream_block.to_python(
        [{"type": "download", "value": {"document": document.pk, "summary": ""}}]
    )
    page.save()
    place = f"/admin/images/{image.pk}/delete/" if kind == "image" else f"/admin/documents/delete/{document.pk}/"
    assert f"This {kind} is referenced 1 time." in admin_client.get(place).content.decode()
