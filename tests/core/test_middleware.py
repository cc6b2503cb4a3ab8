"""Forwarded headers, the content security policy, security headers, request ids."""

import re

import pytest
import structlog
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import RequestFactory

from core.middleware import CacheControlMiddleware, RequestIdMiddleware, TrustedProxyMiddleware

PROXY, VISITOR, OTHER = "10.0.0.1", "192.0.2.7", "198.51.100.9"


@pytest.fixture
def seen(settings):
    """What the site sees of a request that has come through TrustedProxyMiddleware."""
    from ipaddress import ip_network

    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48")]

    def run(remote: str, **headers: str) -> dict[str, str]:
        request = RequestFactory().get(
            "/", REMOTE_ADDR=remote, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        TrustedProxyMiddleware(lambda request: HttpResponse())(request)
        return request.META

    return run


FORGED = {
    "x_forwarded_for": OTHER,
    "x_forwarded_proto": "https",
    "x_forwarded_host": "evil.example",
    "x_forwarded_port": "1",
}


def test_nobody_but_a_trusted_proxy_is_believed(seen):
    meta = seen(VISITOR, **FORGED)
    assert meta["REMOTE_ADDR"] == VISITOR
    assert not any(name.startswith("HTTP_X_FORWARDED") for name in meta)


@pytest.mark.parametrize(
    ("chain", "visitor"),
    [
        (VISITOR, VISITOR),
        (f"{OTHER}, {VISITOR}", VISITOR),  # the visitor wrote the first part
        (f"{VISITOR}, 10.9.9.9", VISITOR),  # two proxies of ours
        (f"{OTHER}, {VISITOR}, 10.9.9.9, 2001:db8:1::5", VISITOR),
        ("2001:db8::7", "2001:db8::7"),
        (f"::ffff:{VISITOR}", VISITOR),
        (f"{VISITOR},", PROXY),  # no proxy of ours writes nothing
        ("", PROXY),
        ("unknown", PROXY),
        (f"{VISITOR}, <script>", PROXY),
        (f"{VISITOR}:4711", PROXY),
        ("10.1.1.1", PROXY),
        (VISITOR * 500, PROXY),
    ],
)
def test_the_visitor_is_the_last_address_that_is_not_ours(seen, chain, visitor):
    assert seen(PROXY, x_forwarded_for=chain)["REMOTE_ADDR"] == visitor


def test_a_trusted_proxy_may_be_known_by_its_ipv6_form(seen):
    assert seen("::ffff:10.0.0.1", x_forwarded_for=VISITOR)["REMOTE_ADDR"] == VISITOR


def test_a_trusted_proxy_is_believed_about_https(seen):
    assert seen(PROXY, x_forwarded_proto="https")["HTTP_X_FORWARDED_PROTO"] == "https"


def test_without_proxies_of_ours_nobody_is_trusted(seen, settings):
    settings.TRUSTED_PROXIES = []
    assert seen(PROXY, **FORGED)["REMOTE_ADDR"] == PROXY


@pytest.mark.parametrize("remote", ["", "unix:", "not an address"])
def test_a_request_from_no_address_is_not_trusted(seen, remote):
    assert "HTTP_X_FORWARDED_FOR" not in seen(remote, **FORGED)


def test_a_forged_host_is_refused_and_a_forwarded_one_ignored(tree, client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    answer = client.get("/", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"})
    assert answer.status_code == 200
    assert b"evil.example" not in answer.content
    assert b"https://testserver" not in answer.content


def policy(answer: HttpResponse) -> dict[str, set[str]]:
    parts = (part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip())
    return {name: set(values) for name, *values in parts}


@pytest.mark.parametrize("address", ["/", "/search/", "/no/such/page/", "/news/feed/", "/sitemap.xml", "/health/live/"])
def test_the_policy_of_public_pages_allows_nothing_but_our_own_files(tree, client, address):
    found = policy(client.get(address))
    assert found["default-src"] == {"'none'"}
    assert found["script-src"] == found["style-src"] == found["img-src"] == found["form-action"] == {"'self'"}
    assert found["frame-src"] == {"https://www.youtube-nocookie.com", "https://player.vimeo.com"}
    assert found["base-uri"] == found["object-src"] == found["frame-ancestors"] == {"'none'"}
    assert "'unsafe-inline'" not in client.get(address)["Content-Security-Policy"]


def test_the_policy_is_wider_in_the_admin_and_for_editors_only(tree, client, editor_client):
    for answer in (client.get("/admin/login/"), editor_client.get("/admin/"), editor_client.get("/about/")):
        found = policy(answer)
        assert "'unsafe-inline'" in found["script-src"]
        assert found["frame-ancestors"] == {"'self'"}
        assert found["default-src"] == {"'self'"}


@pytest.mark.parametrize("address", ["/", "/no/such/page/", "/admin/login/", "/robots.txt"])
def test_every_answer_has_the_security_headers(tree, client, address):
    headers = client.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] in ("SAMEORIGIN", "DENY")
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers


def test_a_reader_sees_no_request_id_unless_something_went_wrong():
    answers = {
        status: RequestIdMiddleware(lambda r, s=status: HttpResponse(status=s))(RequestFactory().get("/"))
        for status in (200, 404, 500)
    }
    assert "X-Request-ID" not in answers[200]
    assert "X-Request-ID" not in answers[404]
    assert re.fullmatch(r"[0-9a-f]{16}", answers[500]["X-Request-ID"])


def test_an_editor_sees_the_id_that_the_log_lines_carry():
    request = RequestFactory().get("/")
    request.COOKIES[django_settings.SESSION_COOKIE_NAME] = "x"
    logged = []

    def view(request):
        logged.append(structlog.contextvars.get_contextvars()["request_id"])
        return HttpResponse()

    ids = [RequestIdMiddleware(view)(request)["X-Request-ID"] for _ in range(2)]
    assert logged == ids
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("change", "public"),
    [
        ({}, True),
        ({"status": 404}, False),
        ({"status": 500}, False),
        ({"status": 302}, False),
        ({"method": "post"}, False),
        ({"vary": "Accept, Cookie"}, False),
        ({"cookie": True}, False),
        ({"preview": True}, False),
        ({"path": "/admin/x/"}, False),
        ({"path": "/documents/1/x.pdf"}, False),
        ({"path": "/newsletter/mailchimp/secret/"}, False),
        ({"session": True}, False),
    ],
)
def test_only_public_answers_may_be_kept(change, public):
    request = getattr(RequestFactory(), change.get("method", "get"))(change.get("path", "/about/"))
    request.is_preview = change.get("preview", False)
    if change.get("session"):
        request.COOKIES[django_settings.SESSION_COOKIE_NAME] = "x"
    answer = HttpResponse(status=change.get("status", 200), headers={"Vary": change.get("vary", "")})
    if change.get("cookie"):
        answer.set_cookie("a", "b")
    kept = CacheControlMiddleware(lambda request: answer)(request)["Cache-Control"]
    assert kept == ("public, max-age=0, must-revalidate" if public else "no-store, private")


def test_what_a_view_says_about_keeping_stands():
    answer = HttpResponse(headers={"Cache-Control": "max-age=5"})
    assert CacheControlMiddleware(lambda request: answer)(RequestFactory().get("/"))["Cache-Control"] == "max-age=5"
