"""Addresses of machines, addresses that do not exist, odd paths and methods: each gets a clear answer."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import SiteSettings
from newsletter import webhook
from tests import factories as make
from tests.html import all_pages, parse

PAGES = ["/", "/about/", "/news/", "/news/feed/", "/news/feed.json", "/art-of-change-making/map.json", "/case-stories/"]
VIEWS = ["/search/", "/robots.txt", "/.well-known/security.txt", "/no/such/page/", "/media/images/none.png"]
SYSTEM = ["/sitemap.xml", "/health/live/", "/health/ready/", "/admin/", "/documents/1/x.pdf"]
HUGE = 10**30
# As they arrive at the site: percent signs are read already.
STRANGE_PATHS = [
    *(
        "//",
        "///",
        "/../",
        "/./",
        "/../../etc/passwd",
        "//evil.example/",
        "/\\evil.example/",
        "//evil.example",
        "//[",
        "/%",
    ),
    *("/media/", "/media/../", "/media/../../etc/passwd", "/media//etc/passwd", "/media/images/", "/media/images/\x00"),
    *(
        "/media/images/" + "a" * 300,
        "/a" * 1000 + "/",
        "/" + "a" * 3000 + "/",
        "/about/\x00/",
        "/\x00",
        "/about/\r\nA: b/",
    ),
    *(
        "/news/feed.json/",
        "/news/map.json",
        "/about/index.json",
        "/news/category//",
        "/news/category/none/",
        "/news/category/a/b/",
    ),
    *("/documents/1/x/", f"/documents/{HUGE}/x", f"/_util/authenticate_with_password/{HUGE}/1/", "/_util/nothing/"),
    *(
        "/_util/authenticate_with_password/1/1/",
        "/ünïcödé/",
        "/\u202e/",
        "/about/;x=1",
        "/index.php",
        "/.env",
        "/.git/config",
    ),
    *("/admin/../about/", "/django-admin/", "/sitemap.xml/", "/search", "/about", "/ABOUT/", "/about/about/"),
]
PARTS = st.text(max_size=12) | st.sampled_from(
    ["news", "about", "media", "images", "..", "feed.json", "category", "documents"]
)


@pytest.fixture
def browser() -> Client:
    """A browser that sees the site's own error pages, and sends forms without a token, as strangers do."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def ask(browser: Client, path: str) -> Any:
    """Ask for a path as it is, past the test client's own reading of addresses."""
    return browser.get("/", PATH_INFO=path.encode("utf-8", "surrogatepass").decode("latin-1"))


@pytest.mark.parametrize("path", STRANGE_PATHS, ids=lambda path: ascii(path)[:40])
def test_strange_paths_are_refused_or_lead_to_the_page_meant(tree, browser, path):
    answer = ask(browser, path)
    assert answer.status_code in (301, 302, 400, 404)
    assert "root:" not in answer.content.decode(errors="replace")
    assert not answer.get("Location", "/").startswith(("//", "/\\", "http"))


def test_no_path_is_a_fault(tree, browser):
    @settings(max_examples=80, suppress_health_check=list(HealthCheck))
    @given(st.lists(PARTS, max_size=5))
    def run(parts):
        assert ask(browser, "/" + "/".join(parts)).status_code < 500

    run()


@pytest.mark.parametrize("address", [*PAGES, *VIEWS])
def test_only_reading_is_allowed(tree, browser, address):
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FOO"):
        answer = browser.generic(method, address, data=b"a=b", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 405, method
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", SYSTEM)
def test_no_method_is_a_fault_anywhere(tree, browser, address):
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"):
        assert browser.generic(method, address).status_code < 500, method


def test_a_page_says_which_methods_it_takes(tree, client):
    answer = client.options("/about/")
    assert answer.status_code == 200
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_an_address_without_its_slash_leads_to_the_page(tree, client):
    assert client.get("/about").url == "/about/"
    assert client.get("/no-such-page", follow=True).status_code == 404


def test_what_is_not_there_is_said_so_helpfully(tree, client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    document = parse(answer.content.decode())
    assert document.find("form", action="/search/")
    assert document.find("a", href="/")
    assert not answer.cookies


def test_a_fault_of_ours_has_a_page_that_needs_nothing(tree, monkeypatch, settings):
    def fail(*args, **kwargs):
        raise RuntimeError("a word that must not be shown")

    monkeypatch.setattr("home.models.standard.StandardPage.get_context", fail)
    answer = Client(raise_request_exception=False).get("/about/")
    assert answer.status_code == 500
    assert "must not be shown" not in answer.content.decode()
    assert parse(answer.content.decode()).h1.get_text(strip=True)
    assert answer["X-Request-ID"]


# --- For machines ------------------------------------------------------------------------------------


def test_the_sitemap_has_every_public_page_once(tree, client):
    make.NewsArticlePageFactory(category=make.NewsCategoryFactory(slug="events"))
    make.NewsCategoryFactory(slug="unused")
    answer = client.get("/sitemap.xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own
    locations = [element.text for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    expected = [page.full_url for page in all_pages()] + ["http://testserver/news/category/events/"]
    assert sorted(locations) == sorted(expected)
    assert all(client.get(location).status_code == 200 for location in locations)


def test_the_sitemap_of_a_site_that_was_never_published(tree, client):
    for page in all_pages():
        type(page).objects.filter(pk=page.pk).update(last_published_at=None, latest_revision_created_at=None)
    assert client.get("/sitemap.xml").status_code == 200


def test_robots_may_read_the_site_but_not_the_admin(client, db):
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert {"User-agent: *", "Disallow: /admin/", "Sitemap: http://testserver/sitemap.xml"} <= set(lines)
    assert "Disallow: /" not in lines


def test_security_txt_names_a_contact_and_has_not_expired(tree, client):
    SiteSettings.objects.create(site=tree.home.get_site(), security_contact="security@example.org")
    fields = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "http://testserver/.well-known/security.txt"
    left = datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00")) - datetime.now(UTC)
    assert timedelta(days=90) < left < timedelta(days=365)


def test_security_txt_answers_before_anybody_has_set_up_the_site(tree, client):
    assert "Contact: mailto:" in client.get("/.well-known/security.txt").content.decode()


# --- Pictures ----------------------------------------------------------------------------------------


def test_a_picture_is_given_and_a_document_is_not(tree, client):
    image, document = make.SiteImageFactory(width=40, height=30), make.SiteDocumentFactory()
    rendition = image.get_rendition("width-20")
    for address in (rendition.url, image.file.url):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/png"
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/media/{document.file.name}").status_code == 404
    assert client.get(document.url).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("media/secret_key", "media/../secret_key", "media/images/../secret_key", "media/images/../../secret_key"),
        *(
            "media/images/..",
            "media//images/../../secret_key",
            "media/images/..\\..\\secret_key",
            "media/images//../..",
        ),
        *("media/%2e%2e/secret_key", "media/images/%2e%2e%2fsecret_key", "media/images/..%c0%af..%c0%afsecret_key"),
        *("documents/1/../secret_key", "documents/1/../../secret_key", "documents/{pk}/../../media/secret_key"),
        *("documents/{pk}/secret_key", "documents/{pk}/..", "documents/{pk}/%2e%2e%2fsecret_key", "documents/../media"),
        *("static/../secret_key", "static/%2e%2e/secret_key", "static/css/../../../secret_key", "static//etc/passwd"),
        *("media/documents/report.pdf", "media/original_images/../documents/report.pdf"),
    ],
)
def test_no_path_leads_out_of_its_folder(tree, browser, settings, path):
    document = make.SiteDocumentFactory(file=ContentFile(b"%PDF-1.7 a secret", name="report.pdf"))
    for folder in (settings.MEDIA_ROOT, settings.MEDIA_ROOT.parent):
        (folder / "secret_key").write_text("a secret")
    answer = ask(browser, "/" + path.replace("{pk}", str(document.pk)))
    assert answer.status_code in (301, 302, 400, 404)
    assert b"a secret" not in b"".join(answer)
    assert not answer.get("Location", "/").startswith(("//", "/\\", "http"))


def test_every_kind_of_address_refuses_methods_that_nobody_needs(tree, browser, settings):
    settings.WHITENOISE_USE_FINDERS = True
    image, document = make.SiteImageFactory(width=40, height=30), make.SiteDocumentFactory()
    card = re.search(r"/cards/[\w-]+\.png", browser.get("/about/").content.decode())
    for address in (files := [image.file.url, document.url, card[0]]):
        assert browser.get(address).status_code == 200
    kinds = [*PAGES, *VIEWS, "/sitemap.xml", "/llms.txt", "/health/ready/", "/health/metrics/", "/static/css/site.css"]
    kinds += [*files, webhook.path(), "/newsletter/preferences/x/"]
    kinds += ["/newsletter/thank-you/", "/feedback/", "/drafts/x/"]
    kinds += ["/admin/calendar/feed.ics", "/programmes/dates.ics", "/newsletter/", "/admin/login/"]
    kinds += ["/admin/pages/", "/admin/api/main/pages/", "/_util/login/", "/about", "/news/?page=2"]
    for address in kinds:
        for method in ("TRACE", "CONNECT", "PROPFIND", "FOO"):
            answer = browser.generic(method, address)
            assert answer.status_code == 405, f"{method} {address}"
            assert "GET" in answer["Allow"] or "POST" in answer["Allow"]
    for address in files:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert browser.generic(method, address, data=b"a=b").status_code == 405, f"{method} {address}"
