"""The limit of simultaneous requests, the log, faults and outages."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from mailchimp_marketing.api_client import ApiClientError

from tests.mailchimp_sandbox import Sandbox

from .helpers import ADA, BEN, LIST, make_client, md5, refused


def test_an_eleventh_simultaneous_request_is_429(mailchimp):
    mailchimp.fail("delay", seconds=5, path="/ping")
    statuses = []

    def ask():
        auth = ("x", mailchimp.api_key)
        statuses.append(requests.get(f"{mailchimp.base_url}/ping", auth=auth, timeout=10).status_code)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 5
    while len(statuses) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert statuses == [429, 429]
    mailchimp.clear_faults()
    for thread in threads:
        thread.join(5)
    assert sorted(statuses) == [200] * 10 + [429] * 2
    assert mailchimp.peak_concurrency in (11, 12)
    assert mailchimp.in_progress == 0


def test_four_callers_at_once_never_count_as_more(mailchimp, client):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: client.ping.get(), range(200)))
    assert 1 <= mailchimp.peak_concurrency <= 4


def test_a_call_counts_no_longer_once_its_caller_has_the_answer():
    with Sandbox(report=lambda record: time.sleep(0.05)) as mailchimp:
        for _ in range(2):
            make_client(mailchimp).ping.get()
        assert mailchimp.peak_concurrency == 1


def test_the_log_tells_what_was_asked_and_answered(mailchimp, put):
    put(ADA, status_if_new="pending")
    [record] = mailchimp.requests
    assert (record.method, record.status, record.query) == ("PUT", 200, {"skip_merge_validation": "True"})
    assert record.body["status_if_new"] == "pending"
    assert mailchimp.requests_for(ADA) == [record]
    assert md5(ADA) not in record.shown_path
    assert record.shown_path.endswith("/members/" + md5(ADA)[:8])


def test_an_address_in_a_path_is_not_shown(mailchimp, client):
    with refused(404, "Resource Not Found"):
        client.lists.get_list_member(LIST, ADA)
    assert mailchimp.requests[0].shown_path.endswith("/members/(address)")


@pytest.mark.parametrize(
    ("kind", "options", "status", "content_type"),
    [
        ("problem", {"status": 429}, 429, "application/problem+json; charset=utf-8"),
        ("problem", {"title": "User Disabled"}, 403, "application/problem+json; charset=utf-8"),
        ("problem", {"title": "API Key Invalid"}, 401, "application/problem+json; charset=utf-8"),
        ("empty", {"status": 429}, 429, None),
        ("bare", {}, 403, "text/plain"),
        ("html", {"status": 500}, 500, "text/html; charset=utf-8"),
        ("html", {"status": 200}, 200, "text/html; charset=utf-8"),
        ("akamai", {}, 503, "application/json"),
    ],
)
def test_a_fault_answers_with_its_status_and_form_then_is_used_up(
    mailchimp, client, kind, options, status, content_type
):
    fault = mailchimp.fail(kind, times=1, **options)
    url, auth = f"{mailchimp.base_url}/ping", ("x", mailchimp.api_key)
    answer = requests.get(url, auth=auth, timeout=5)
    assert (answer.status_code, answer.headers.get("Content-Type")) == (status, content_type)
    assert bool(answer.content) is (kind != "empty")
    if title := options.get("title"):
        assert answer.json()["title"] == title
    assert fault.hits == 1
    assert client.ping.get()["health_status"]


def test_what_the_client_makes_of_an_empty_error_is_no_exception(mailchimp, client):
    mailchimp.fail("empty", status=503, times=1)
    answer = client.ping.get()
    assert (type(answer).__name__, answer.status_code) == ("Response", 503)


def test_truncated_json_is_a_200_nobody_can_read(mailchimp, client, put):
    mailchimp.fail("truncated", times=1, work_done=True)
    answer = put(ADA, status_if_new="pending")
    assert answer.status_code == 200
    with pytest.raises(ValueError):
        answer.json()
    assert mailchimp.contact(ADA)["status"] == "pending"


def test_a_huge_answer_is_five_megabytes_of_json(mailchimp):
    mailchimp.fail("huge", times=1)
    answer = requests.get(f"{mailchimp.base_url}/ping", timeout=5)
    assert len(answer.content) == 5_000_000
    assert set(answer.json()) == {"id", "padding"}


@pytest.mark.parametrize("kind", ["reset", "drop", "cut"])
def test_a_broken_connection_is_no_answer(mailchimp, client, kind):
    mailchimp.fail(kind, times=1)
    with pytest.raises(ApiClientError) as error:
        client.ping.get()
    assert error.value.status_code is None
    assert isinstance(error.value.text, requests.ConnectionError | requests.exceptions.ChunkedEncodingError)
    assert client.ping.get()


def test_the_work_can_be_done_although_the_connection_drops(mailchimp, put):
    mailchimp.fail("drop", times=1, work_done=True, method="PUT")
    with pytest.raises(ApiClientError) as error:
        put(ADA, status_if_new="pending")
    assert error.value.status_code is None
    assert mailchimp.confirmation_mails(ADA) == 1
    assert put(ADA, status_if_new="pending")["status"] == "pending"
    assert mailchimp.confirmation_mails(ADA) == 1


def test_a_hanging_request_outlives_its_caller_and_is_let_go_by_clearing(mailchimp):
    mailchimp.fail("hang", times=1)
    with pytest.raises(ApiClientError):
        make_client(mailchimp, timeout=(1, 0.1)).ping.get()
    assert mailchimp.in_progress == 1
    mailchimp.clear_faults()
    deadline = time.monotonic() + 5
    while mailchimp.in_progress:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert mailchimp.requests[0].status is None


def test_dripping_bytes_outlive_the_clients_read_timeout(mailchimp):
    mailchimp.fail("drip", times=1, seconds=0.6, interval=0.05)
    begun = time.monotonic()
    with pytest.raises(ApiClientError) as error:
        make_client(mailchimp, timeout=(1, 0.2)).ping.get()
    assert error.value.status_code is None
    assert time.monotonic() - begun > 0.5


def test_a_delay_answers_truly_but_late(mailchimp, put):
    mailchimp.fail("delay", times=1, seconds=0.2)
    begun = time.monotonic()
    assert put(ADA, status_if_new="pending")["status"] == "pending"
    assert time.monotonic() - begun >= 0.2


def test_a_fault_can_be_for_one_method_path_or_contact_only(mailchimp, client, put):
    fault = mailchimp.fail("html", status=502, method="put", path="/members/", email=ADA)
    assert client.ping.get()
    assert put(BEN, status_if_new="pending")["status"] == "pending"
    for _ in range(2):
        with pytest.raises(ApiClientError) as error:
            put(ADA, status_if_new="pending")
        assert error.value.status_code == 502
    assert fault.hits == 2
    mailchimp.clear_faults()
    assert put(ADA, status_if_new="pending")["status"] == "pending"


def test_an_unknown_fault_is_refused(mailchimp):
    with pytest.raises(ValueError, match="unknown fault"):
        mailchimp.fail("explode")


def test_an_outage_refuses_connections_and_ends_on_the_same_port_with_its_memory(mailchimp, client, put):
    put(ADA, status_if_new="pending")
    port = mailchimp.port
    mailchimp.stop()
    with pytest.raises(ApiClientError) as error:
        client.ping.get()
    assert "refused" in str(error.value.text)
    mailchimp.start()
    assert mailchimp.port == port
    assert client.lists.get_list_member(LIST, md5(ADA))["status"] == "pending"


def test_nobody_else_gets_the_port_during_an_outage(mailchimp):
    mailchimp.stop()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", mailchimp.port))


def test_stopping_lets_a_hanging_caller_go_at_once(mailchimp, client):
    mailchimp.fail("hang")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.ping.get)
        while not mailchimp.in_progress:
            time.sleep(0.01)
        begun = time.monotonic()
        mailchimp.stop()
        assert isinstance(call.exception(timeout=2), ApiClientError)
        while mailchimp.in_progress:
            assert time.monotonic() - begun < 1
            time.sleep(0.01)


def test_fifty_at_once_for_one_address_make_one_contact_and_one_mail(mailchimp, client):
    def sign_up(number):
        email = ADA.upper() if number % 2 else ADA
        client.lists.set_list_member(LIST, md5(ADA), {"email_address": email, "status_if_new": "pending"})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sign_up, range(50)))
    assert len(mailchimp.contacts) == 1
    assert mailchimp.confirmation_mails(ADA) == 1


def test_an_error_of_the_stand_in_itself_is_seen(monkeypatch, capsys):
    with pytest.raises(AssertionError, match="ZeroDivisionError"), Sandbox() as mailchimp:
        monkeypatch.setattr(mailchimp.service.audience, "get", lambda key: 1 / 0)
        with refused(500, "Internal Server Error"):
            make_client(mailchimp).lists.get_list_member(LIST, md5(ADA))
    assert "ZeroDivisionError" in capsys.readouterr().err
