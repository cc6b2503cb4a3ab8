"""Tries at signing in are few; nobody learns who has an account; sessions end when they must."""

import logging
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import throttling
from accounts.jobs import delete_traces
from accounts.models import PasswordResetTrace
from accounts.tasks import send_password_reset
from tests.accounts.conftest import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/admin/login/", "/admin/password_reset/"
ADDRESS = "203.0.113.7"


def try_password(password: str, name: str = "ed", address: str = ADDRESS) -> Any:
    return Client(REMOTE_ADDR=address).post(LOGIN, {"username": name, "password": password})


def fail(times: int, name: str = "ed", address: str = ADDRESS) -> list[int]:
    return [try_password("wrong", name, address).status_code for _ in range(times)]


# --- Wrong passwords ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ed", "nobody", "ED"])
def test_five_wrong_passwords_close_the_login_for_a_while(editor: Any, name: str) -> None:
    with time_machine.travel("2026-05-04 10:00Z", tick=False) as clock:
        assert fail(5, name) == [200, 200, 200, 200, 429]
        closed = try_password(PASSWORD, name)
        assert closed.status_code == 429
        assert b"Wait 15 minutes" in closed.content
        assert closed["Retry-After"] == "900"
        clock.shift(timedelta(minutes=14))
        assert try_password(PASSWORD, name).status_code == 429, "asking meanwhile does not lengthen it"
        clock.shift(timedelta(minutes=2))
        assert try_password(PASSWORD, "ed").status_code == 302


def test_an_account_that_exists_is_answered_as_one_that_does_not(editor: Any) -> None:
    known, unknown = try_password("wrong"), try_password("wrong", "nobody")
    assert known.status_code == unknown.status_code
    text = [answer.content.decode().split("<main")[1].split('value="')[0] for answer in (known, unknown)]
    assert text[0] == text[1]


def test_others_and_other_places_are_not_closed_out(editor: Any) -> None:
    person("other", "Editor")
    fail(5)
    assert try_password(PASSWORD, "other").status_code == 302
    assert try_password(PASSWORD, address="203.0.113.8").status_code == 302


def test_one_network_tries_few_passwords_whoever_is_named(editor: Any) -> None:
    assert {fail(1, f"name-{number}")[0] for number in range(24)} == {200}
    assert fail(1, "one-more") == [429]
    assert try_password(PASSWORD).status_code == 429
    assert try_password(PASSWORD, address="203.0.113.8").status_code == 302


def test_an_ipv6_household_is_one_place(editor: Any) -> None:
    assert [fail(1, address=f"2001:db8:1:2::{number}")[0] for number in range(5)] == [200, 200, 200, 200, 429]
    assert try_password(PASSWORD, address="2001:db8:1:3::1").status_code == 302


def test_behind_a_proxy_the_visitor_counts(editor: Any, settings: Any) -> None:
    import ipaddress

    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8")]
    client = Client(REMOTE_ADDR="10.0.0.1")
    wrong = {"username": "ed", "password": "wrong"}
    for _ in range(5):
        client.post(LOGIN, wrong, headers={"X-Forwarded-For": f"{ADDRESS}, 10.0.0.2"})
    forged = client.post(LOGIN, wrong, headers={"X-Forwarded-For": f"198.51.100.9, {ADDRESS}"})
    assert forged.status_code == 429
    assert client.post(LOGIN, wrong, headers={"X-Forwarded-For": "198.51.100.9"}).status_code == 200


def test_nothing_is_written_while_the_login_is_closed(editor: Any) -> None:
    fail(5)
    before = list(AccessAttempt.objects.values_list("failures_since_start", "attempt_time"))
    fail(3)
    assert list(AccessAttempt.objects.values_list("failures_since_start", "attempt_time")) == before


def test_no_password_is_kept_and_nothing_personal_is_logged(editor: Any, caplog: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        try_password("the-wrong-secret")
        try_password(PASSWORD)
        fail(5)
    assert "wrong" not in str(list(AccessAttempt.objects.values("post_data", "get_data")))
    assert not AccessLog.objects.exists()
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("axes"))
    assert "Locking out" in logged
    assert ADDRESS not in logged
    assert '"ed"' not in logged


def test_traces_are_deleted_after_a_day(editor: Any) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=25)):
        fail(1)
        PasswordResetTrace.objects.create(network_hash="a", address_hash="b")
    fail(1, "later")
    delete_traces()
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["later"]
    assert not PasswordResetTrace.objects.exists()


# --- New passwords -----------------------------------------------------------------------------------


def ask_for_password(email: str, address: str = ADDRESS) -> Any:
    return Client(REMOTE_ADDR=address).post(RESET, {"email": email})


def waiting_messages() -> int:
    return DBTaskResult.objects.filter(task_path=send_password_reset.module_path).count()


def test_a_known_and_an_unknown_address_are_answered_alike(editor: Any) -> None:
    for email in (editor.email, "nobody@example.org"):
        answer = ask_for_password(email)
        assert (answer.status_code, answer.url) == (302, "/admin/password_reset/done/")
    assert waiting_messages() == 2
    assert mail.outbox == [], "the message is the worker's"


def test_the_worker_sends_the_link_to_whoever_has_the_address(editor: Any, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.org"
    send_password_reset.call("nobody@example.org")
    send_password_reset.call(editor.email.upper())
    (message,) = mail.outbox
    assert message.to == [editor.email]
    link = next(line for line in message.body.splitlines() if "/confirm/" in line)
    assert link.startswith("https://www.example.org/admin/password_reset/confirm/")


def test_few_messages_an_hour_go_to_one_address(editor: Any) -> None:
    for number in range(6):
        assert ask_for_password(editor.email, f"203.0.113.{number}").status_code == 302
    assert waiting_messages() == throttling.RESETS_OF_ADDRESS
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        ask_for_password(editor.email)
    assert waiting_messages() == throttling.RESETS_OF_ADDRESS + 1


def test_one_network_asks_for_few_passwords_an_hour(db: None) -> None:
    answers = [ask_for_password(f"{number}@example.org").status_code for number in range(21)]
    assert answers == [302] * 20 + [429]
    assert ask_for_password("one-more@example.org", "203.0.113.8").status_code == 302


def test_traces_of_asking_tell_nobodys_address(editor: Any) -> None:
    ask_for_password(editor.email)
    kept = str(list(PasswordResetTrace.objects.values()))
    assert editor.email not in kept
    assert ADDRESS not in kept


@pytest.mark.parametrize(
    ("password", "why"),
    [("short", "12"), ("password1234", "common"), ("928374650192", "numeric"), ("ed@example.org", "similar")],
)
def test_a_weak_password_is_refused(editor: Any, password: str, why: str) -> None:
    answer = signed_in(editor).post(
        "/admin/account/",
        {
            "name_email-first_name": "E",
            "name_email-last_name": "D",
            "name_email-email": editor.email,
            "password-old_password": PASSWORD,
            "password-new_password1": password,
            "password-new_password2": password,
        },
    )
    assert why in answer.content.decode()
    editor.refresh_from_db()
    assert editor.check_password(PASSWORD)


# --- Sessions ----------------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_sessions(editor: Any) -> None:
    elsewhere = signed_in(editor)
    assert elsewhere.get("/admin/").status_code == 200
    editor.set_password("another long password")
    editor.save()
    assert elsewhere.get("/admin/").status_code == 302


def test_a_disabled_account_is_out_at_once(editor: Any) -> None:
    client = signed_in(editor)
    manager = signed_in(person("mia", "Site manager"))
    done = manager.post(
        f"/admin/bulk/core/user/set_active_state/?id={editor.pk}&next=/admin/users/", {"mark_as_active": "False"}
    )
    assert done.status_code == 302
    assert client.get("/admin/").status_code == 302
    assert try_password(PASSWORD).status_code == 200, "the login shows its error"


def test_on_https_http_is_sent_there_and_cookies_stay_there(editor: Any, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    client = Client()
    moved = client.get("/admin/login/")
    assert (moved.status_code, moved.url) == (301, "https://testserver/admin/login/")
    client.post(LOGIN, {"username": "ed", "password": PASSWORD}, secure=True)
    cookie = client.cookies["sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (
        *(True, True, "Lax", "/"),
        "",
    )


def test_readers_of_private_pages_sign_in_at_the_same_place(tree: Any) -> None:
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=tree.about, restriction_type=PageViewRestriction.LOGIN)
    assert Client().get("/about/").url == "/admin/login/?next=/about/"


def test_there_is_no_other_way_in(client: Client, settings: Any) -> None:
    """Django's own admin would ask for a password alone."""
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    for address in ("/django-admin/", "/django-admin/login/", "/admin/django/", "/accounts/login/"):
        assert client.get(address).status_code in (302, 404)
        assert client.get(address, follow=True).request["PATH_INFO"] in (address, "/admin/login/")
