"""The headers of every kind of answer over https, by the rules of MDN's HTTP Observatory; what is refused unread."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import factories as make
from tests.core.observatory import points
from tests.html import all_pages

ENOUGH = 130


@pytest.fixture
def https(settings: Any) -> Client:
    """A browser at a site whose SITE_URL is https. That these settings follow from it is shown in test_settings."""
    settings.WHITENOISE_USE_FINDERS = True
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    return Client(raise_request_exception=False)


def assert_enough(answer: Any, what: str, least: int = ENOUGH) -> None:
    total, parts = points(answer)
    assert total >= least, f"{what} has {total} points: {parts}"


def test_every_page_and_feed_has_more_points_than_it_needs(full_site: Any, https: Client) -> None:
    addresses = [page.url for page in all_pages()]
    addresses += ["/news/feed/", "/news/feed.json", "/case-stories/feed/", "/art-of-change-making/map.json"]
    addresses += [
        "/sitemap.xml",
        "/robots.txt",
        "/llms.txt",
        "/.well-known/security.txt",
        "/search/?q=x",
        "/health/live/",
    ]
    for address in addresses:
        answer = https.get(address, secure=True)
        assert answer.status_code == 200, address
        assert_enough(answer, address, least=140)


def test_errors_and_redirects_have_them_too(tree: Any, https: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {
        404: https.get("/no/such/page/", secure=True),
        301: https.get("/about", secure=True),
        400: https.get("/about/", secure=True, headers={"host": "evil.example"}),
        405: https.post("/about/", secure=True),
        413: https.post("/search/", b"", content_type="text/plain", secure=True, CONTENT_LENGTH="99999999"),
    }
    monkeypatch.setattr("core.views.serve_page", lambda *_: 1 / 0)
    found[500] = https.get("/about/", secure=True)
    for status, answer in found.items():
        assert answer.status_code == status
        assert_enough(answer, str(status))
    answer = https.get("/about/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/about/")
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_files_have_them_and_only_pictures_may_be_shown_elsewhere(
    tree: Any, https: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "map.webp").write_bytes(b"RIFF")
    picture = https.get("/media/images/map.webp", secure=True)
    static = https.get("/static/css/site.css", secure=True)
    document = https.get(make.SiteDocumentFactory().url, secure=True)
    for answer, policy in ((picture, "cross-origin"), (static, "same-origin"), (document, "same-origin")):
        assert answer.status_code == 200
        assert answer["Cross-Origin-Resource-Policy"] == policy
        assert_enough(answer, policy)


def test_the_rules_find_what_is_wrong() -> None:
    good = {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Strict-Transport-Security": "max-age=63072000",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    def total(**changes: str) -> int:
        headers = good | {name.replace("_", "-"): value for name, value in changes.items()}
        return points(HttpResponse(headers={name: value for name, value in headers.items() if value}))[0]

    assert total() == 140
    assert total(Content_Security_Policy="") == 100 - 25 - 20  # nor is there a word about framing
    assert total(Content_Security_Policy="default-src 'self' 'unsafe-inline'; frame-ancestors 'none'") == 80
    assert total(Content_Security_Policy="default-src 'self'; frame-ancestors 'none'") == 135
    assert total(Strict_Transport_Security="max-age=1000") == 90 + 40
    assert total(Strict_Transport_Security="") == 80
    assert total(X_Content_Type_Options="", Cross_Origin_Opener_Policy="nonsense") == 90 + 30
    page = HttpResponse('<script src="//cdn.example/x.js"></script>', headers=good)
    assert points(page)[0] == 50
    page.set_cookie("sessionid", "x")
    assert points(page)[1]["cookies"] == -30


def test_cookies_belong_to_this_host_alone(tree: Any, https: Client, editor: Any) -> None:
    answer = https.get("/admin/login/", secure=True)
    form = {"username": "editor", "password": "a long password for tests"}
    answers = [answer, https.post("/admin/login/", form, secure=True, headers={"referer": "https://testserver/"})]
    cookies = {name: cookie for answer in answers for name, cookie in answer.cookies.items()}
    assert set(cookies) == {"__Host-sessionid", "__Host-csrftoken"}
    for name, cookie in cookies.items():  # what browsers ask of this prefix: RFC 6265bis, 4.1.3.2
        assert cookie["secure"] and cookie["path"] == "/" and not cookie["domain"] and cookie["samesite"] == "Lax", name
    assert cookies["__Host-sessionid"]["httponly"]


def test_the_admin_may_run_no_script_of_others(client: Client, db: None) -> None:
    policy = client.get("/admin/login/")["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy and "object-src 'none'" in policy
    assert "https:" not in policy.replace("https://www.youtube-nocookie.com", "").replace(
        "https://player.vimeo.com", ""
    )


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "MADEUP"])
@pytest.mark.parametrize(
    "address", ["/about/", "/admin/", "/newsletter/", "/health/live/", "/static/css/site.css", "/x/"]
)
def test_methods_that_nobody_needs_are_refused_everywhere(client: Client, db: None, method: str, address: str) -> None:
    answer = client.generic(method, address)
    assert answer.status_code == 405
    assert "GET" in answer["Allow"] and method not in answer["Allow"]


@pytest.mark.parametrize("address", ["/admin/login/", "/about/", "/_util/login/", "/feedback/", "/newsletter/"])
def test_a_stranger_cannot_fill_the_disk(tree: Any, client: Client, settings: Any, address: str) -> None:
    """Files of a form would be written to the disk as they come."""
    answer = client.generic("POST", address, b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH="1048577")
    assert answer.status_code == 413
    client.cookies[settings.SESSION_COOKIE_NAME] = "whatever"
    answer = client.generic("POST", address, b"x", "multipart/form-data; boundary=x", CONTENT_LENGTH="62914561")
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "abc", "1e9", ""])
def test_an_odd_length_is_no_body(tree: Any, client: Client, length: str) -> None:
    assert client.generic("GET", "/about/", CONTENT_LENGTH=length).status_code == 200
