"""The layer that talks to Mailchimp: limits, errors and what never leaves it."""

import json
import pickle
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st
from mailchimp_marketing.api_client import ApiClientError

from newsletter import gateway as module
from newsletter.errors import Bug, GatewayError, OperatorMustAct, Retryable, VisitorMustAct, from_answer
from newsletter.gateway import Gateway, contact_hash, gateway_from_settings
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL

KEY = "0123456789abcdef0123456789abcdef-us21"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def gateway(sandbox: Sandbox) -> Gateway:
    return Gateway(sandbox.api_key, sandbox.audience_id, sandbox.base_url, total_seconds=1.0)


# --- Names and settings ------------------------------------------------------------------------------


def test_a_contacts_name_is_the_md5_of_its_normalised_address() -> None:
    assert contact_hash(" Ada@Example.ORG ") == contact_hash("ada@example.org")
    assert contact_hash("urist.mcvankab@freddiesjokes.com") == "62eeb292278cc15f5817cb78f7790b08"  # Mailchimp's example


@pytest.mark.parametrize(
    ("key", "base_url", "host"),
    [
        (KEY, "", "https://us21.api.mailchimp.com/3.0"),
        (KEY, "http://127.0.0.1:8025", "http://127.0.0.1:8025/3.0"),
        (KEY, "http://127.0.0.1:8025/3.0/", "http://127.0.0.1:8025/3.0"),
        (KEY, "http://mailchimp-server:8025", "http://mailchimp-server:8025/3.0"),
    ],
)
def test_where_calls_go(key: str, base_url: str, host: str) -> None:
    assert Gateway(key, "a1b2c3d4e5", base_url).host == host


def test_the_word_server_in_a_host_is_left_alone(monkeypatch: Any) -> None:
    """The library replaces it by the data centre, wherever it stands."""
    called = []

    def request(self: Any, method: str, url: str, **kwargs: Any) -> Any:
        called.append(url)
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", request)
    with pytest.raises(Retryable):
        Gateway(KEY, "a1b2c3d4e5", "http://mailchimp-server.example").ping()
    assert called == ["http://mailchimp-server.example/3.0/ping"]


@pytest.mark.parametrize(
    ("key", "audience"),
    [
        ("", "a1b2c3d4e5"),
        ("0123456789abcdef0123456789abcdef", "a1b2c3d4e5"),
        (KEY.upper(), "a1b2c3d4e5"),
        (KEY + "\n", "a1b2c3d4e5"),
        (KEY, ""),
        (KEY, "../ping"),
    ],
)
def test_settings_that_cannot_be_right(key: str, audience: str) -> None:
    with pytest.raises(OperatorMustAct):
        Gateway(key, audience)


def test_without_a_key_there_is_no_gateway(settings: Any) -> None:
    settings.MAILCHIMP_API_KEY = ""
    assert gateway_from_settings() is None


# --- What is read and written ------------------------------------------------------------------------


def test_reading_and_writing(sandbox: Sandbox, gateway: Gateway) -> None:
    gateway.ping()
    assert gateway.get_contact(contact_hash(EMAIL)) is None
    written = gateway.upsert(EMAIL, {"status_if_new": "subscribed", "merge_fields": {"FNAME": "Ada"}})
    read = gateway.get_contact(contact_hash(EMAIL.lower()))
    assert read == written
    assert read is not None
    assert (read.status, read.merge_fields["FNAME"]) == ("subscribed", "Ada")
    assert read.changed_at is not None
    assert read.changed_at.tzinfo is not None
    assert gateway.merge_tags() >= {"FNAME", "LNAME"}


def test_the_audience_is_remembered_for_some_minutes(sandbox: Sandbox, gateway: Gateway) -> None:
    assert gateway.audience().double_opt_in is True
    assert gateway.audience().form_url.startswith("http")
    sandbox.double_optin = False
    assert gateway.audience().double_opt_in is True
    assert len(sandbox.requests) == 1
    assert gateway.audience(fresh=True).double_opt_in is False
    assert gateway.audience().double_opt_in is False


def test_no_address_in_any_url(sandbox: Sandbox, gateway: Gateway) -> None:
    gateway.get_contact(contact_hash(EMAIL))
    gateway.upsert(EMAIL, {"status_if_new": "pending"})
    for record in sandbox.requests:
        assert "@" not in record.path
        assert "ada" not in f"{record.path} {record.query}".lower()


def test_an_answer_about_another_contact_is_not_believed(gateway: Gateway, monkeypatch: Any) -> None:
    monkeypatch.setattr(gateway.lists, "get_list_member", lambda *args: {"id": "f" * 32, "status": "subscribed"})
    with pytest.raises(Retryable):
        gateway.get_contact(contact_hash(EMAIL))


# --- Limits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["hang", "drip"])
def test_a_call_ends_when_its_time_is_over(sandbox: Sandbox, gateway: Gateway, kind: str) -> None:
    """A drip sends a byte before each gap's own limit is reached: only the total ends it."""
    sandbox.fail(kind, interval=0.1, seconds=20)
    began = time.monotonic()
    with pytest.raises(Retryable) as caught:
        gateway.ping()
    assert 0.9 < time.monotonic() - began < 3
    assert caught.value.nothing_sent is False


@contextmanager
def raw_server(*parts: bytes, pause: float = 0.1) -> Iterator[str]:
    """A server that sends these bytes, with a pause after each, to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(65536)
                    for part in parts:
                        connection.sendall(part)
                        time.sleep(pause)
            except OSError:
                pass  # cut, as it should be

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(timeout=10)


def test_dripping_headers_end_too() -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\n", *[b"X-Drip: 1\r\n"] * 80) as address:
        began = time.monotonic()
        with pytest.raises(Retryable):
            Gateway(KEY, "a1b2c3d4e5", address, total_seconds=1.0).ping()
        assert time.monotonic() - began < 3


def test_a_body_cut_by_the_limit_is_not_taken_for_a_whole_one() -> None:
    """Without a length, the end of the connection looks like the end of the body."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    with raw_server(head, b'{"health_status": "ok"}', *[b" "] * 30) as address, pytest.raises(Retryable):
        Gateway(KEY, "a1b2c3d4e5", address, total_seconds=1.0).ping()


def test_a_tls_handshake_that_never_ends() -> None:
    with raw_server(*[b"\x16"] * 60) as address:
        began = time.monotonic()
        with pytest.raises(Retryable):
            Gateway(KEY, "a1b2c3d4e5", address.replace("http:", "https:"), total_seconds=1.0).ping()
        assert time.monotonic() - began < 4


def test_a_huge_answer_is_not_read_to_its_end(sandbox: Sandbox) -> None:
    sandbox.fail("huge", size=50_000_000)
    patient = Gateway(sandbox.api_key, sandbox.audience_id, sandbox.base_url, total_seconds=10.0)
    with pytest.raises(Retryable, match="too long"):
        patient.ping()


def test_a_compressed_bomb_is_not_unpacked() -> None:
    import gzip

    bomb = gzip.compress(b" " * 30_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
    head += b"Content-Length: %d\r\n\r\n" % len(bomb)
    with raw_server(head, bomb) as address, pytest.raises(Retryable, match="too long"):
        Gateway(KEY, "a1b2c3d4e5", address, total_seconds=5.0).ping()


def test_redirects_are_not_followed(sandbox: Sandbox, gateway: Gateway) -> None:
    """Followed, a PUT would become a GET that seems to succeed."""
    sandbox.fail("redirect", times=1)
    with pytest.raises(GatewayError):
        gateway.upsert(EMAIL, {"status_if_new": "pending"})
    assert len(sandbox.requests) == 1


def test_a_proxy_is_not_used_for_loopback(sandbox: Sandbox, gateway: Gateway, monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    gateway.ping()


def test_a_refused_connection_says_that_nothing_was_sent(sandbox: Sandbox, gateway: Gateway) -> None:
    sandbox.stop()
    with pytest.raises(Retryable) as caught:
        gateway.ping()
    assert caught.value.nothing_sent is True


# --- Errors ------------------------------------------------------------------------------------------

PROBLEMS = [
    (401, "API Key Invalid", "", OperatorMustAct),
    (401, "API Key Missing", "", OperatorMustAct),
    (403, "User Disabled", "", OperatorMustAct),
    (403, "Forbidden", "", OperatorMustAct),
    (404, "Resource Not Found", "", OperatorMustAct),
    (400, "Member In Compliance State", "", VisitorMustAct),
    (400, "Forgotten Email Not Subscribed", "", VisitorMustAct),
    (400, "Invalid Resource", "a@b.c looks fake or invalid, please enter a real email address.", VisitorMustAct),
    (400, "Invalid Resource", "Please provide a valid email address.", VisitorMustAct),
    (400, "Invalid Resource", "a@b.c has signed up to a lot of lists very recently", Retryable),
    (400, "Invalid Resource", "Your merge fields were invalid.", OperatorMustAct),
    (400, "Invalid Resource", "The resource submitted could not be validated.", Bug),
    (400, "Member Exists", "a@b.c is already a list member.", Bug),
    (400, "JSON Parse Exception", "", Bug),
    (400, "Bad Request", "", Bug),
    (405, "Method Not Allowed", "", Bug),
    (422, "Unprocessable", "", Bug),
    (426, "Upgrade Required", "", Bug),
    (429, "Too Many Requests", "", Retryable),
    (500, "Internal Server Error", "", Retryable),
    (503, "akamai_503", "", Retryable),
]


@pytest.mark.parametrize(("status", "title", "detail", "expected"), PROBLEMS)
@pytest.mark.parametrize("as_text", [True, False])
def test_each_error_has_its_class(
    status: int, title: str, detail: str, expected: type[GatewayError], as_text: bool
) -> None:
    problem = {"title": title, "status": status, "detail": detail}
    error = from_answer(status, json.dumps(problem) if as_text else problem)
    assert type(error) is expected
    assert error.status == status
    assert error.reason.endswith(".")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 502])
@pytest.mark.parametrize("body", [None, "", "<html>Forbidden</html>", '{"title": "cut o', "[]", '"text"', ["list"]])
def test_an_error_that_is_not_the_apis_own_is_tried_again(status: int, body: Any) -> None:
    """A bare 403 is overload protection, and a proxy's 401 or 404 says nothing about our key."""
    assert type(from_answer(status, body)) is Retryable


def test_no_error_repeats_what_mailchimp_said() -> None:
    for status, title, _detail, _expected in PROBLEMS:
        problem = {"title": f"{title} {EMAIL}", "detail": f"{EMAIL} is wrong", "instance": EMAIL, "errors": [EMAIL]}
        for found in (from_answer(status, problem), from_answer(status, problem | {"title": title})):
            assert EMAIL not in f"{found!r} {found} {found.title} {vars(found)}"


def test_errors_can_be_pickled() -> None:
    error = Retryable("Busy.", status=429, title="Too Many Requests", nothing_sent=True)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (copy.reason, copy.status, copy.title, copy.nothing_sent) == ("Busy.", 429, "Too Many Requests", True)


def test_a_body_that_cannot_be_written_is_our_fault(gateway: Gateway) -> None:
    with pytest.raises(Bug):
        gateway.upsert(EMAIL, {"status_if_new": object()})


def test_the_librarys_exception_is_not_kept_as_a_cause(sandbox: Sandbox, gateway: Gateway) -> None:
    """Its text begins with the address, and error reports print causes."""
    sandbox.fail("problem", status=400, title="Invalid Resource", detail=f"{EMAIL} looks fake or invalid")
    with pytest.raises(VisitorMustAct) as caught:
        gateway.upsert(EMAIL, {"status_if_new": "pending"})
    assert caught.value.__suppress_context__ is True
    assert caught.value.__cause__ is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
documents = st.dictionaries(
    st.sampled_from(
        [
            *("id", "status", "unique_email_id", "last_changed", "merge_fields", "double_optin", "name", "title"),
            *("detail", "tags", "timestamp_signup", "unsubscribe_reason", "new_members", "errors"),
        ]
    ),
    anything | st.sampled_from([contact_hash(EMAIL), "subscribed", "2026-99-99T10:00:00+00:00"]),
)


@given(answer=anything | documents, status=st.sampled_from([None, 200, 204, 302, 400, 401, 404, 429, 500]))
def test_no_answer_whatever_raises_anything_but_our_errors(answer: Any, status: int | None) -> None:
    cache.clear()
    gateway = Gateway(KEY, "a1b2c3d4e5", "http://127.0.0.1:1")

    def answered(*args: Any, **kwargs: Any) -> Any:
        if status == 200:
            return answer
        if status == 204:
            response = requests.Response()
            response.status_code = 204
            return response
        raise ApiClientError(answer, status)

    for name in vars(type(gateway.lists)):
        if not name.startswith("_"):
            setattr(gateway.lists, name, answered)
    for call in (
        gateway.audience,
        gateway.merge_tags,
        lambda: gateway.get_contact(contact_hash(EMAIL)),
        lambda: gateway.upsert(EMAIL, {}),
        lambda: gateway.set_tags(contact_hash(EMAIL), {"Website": True}),
        lambda: gateway.unsubscribe(contact_hash(EMAIL)),
        lambda: gateway.erase(contact_hash(EMAIL)),
        lambda: gateway.subscribe_many([{"email_address": EMAIL}]),
    ):
        try:
            call()
        except GatewayError as error:
            assert error.reason
            assert EMAIL not in str(error)


def test_the_modules_limits_are_those_of_the_house() -> None:
    assert module.TOTAL_SECONDS == 15
    from newsletter.transport import MAX_BYTES

    assert MAX_BYTES == 1_000_000
