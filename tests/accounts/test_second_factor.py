"""A password alone opens nothing once a second factor is wanted; codes work once; the lost are let in again."""

import re
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import second_factor
from accounts.models import NUMBER_OF_CODES, App, RecoveryCodes
from tests.accounts.conftest import PASSWORD, code_of, person, signed_in

pytestmark = pytest.mark.django_db
VERIFY, SET_UP, MANAGE = "/admin/second-factor/", "/admin/second-factor/set-up/", "/admin/second-factor/manage/"


def sign_in(client: Client, name: str = "ed", **more: str) -> Any:
    return client.post("/admin/login/", {"username": name, "password": PASSWORD} | more)


def codes_in(response: Any) -> list[str]:
    return re.findall(r"<code>(.+?)</code>", response.content.decode())


# --- Who is asked ------------------------------------------------------------------------------------


def test_where_it_is_not_required_a_password_is_enough(editor: Any, client: Client) -> None:
    assert sign_in(client).url == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert b"Setting it up takes two minutes" in client.get(MANAGE).content


def test_whoever_has_set_it_up_is_asked_everywhere(device: App, client: Client) -> None:
    assert sign_in(client, next="/admin/pages/").url == "/admin/second-factor/?next=%2Fadmin%2Fpages%2F"
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/reports/").url.endswith("?next=%2Fadmin%2Freports%2F")
    answer = client.post(VERIFY, {"code": code_of(device), "next": "/admin/pages/"})
    assert (answer.status_code, answer.url) == (302, "/admin/pages/")
    assert client.get("/admin/").status_code == 200


def test_the_session_gets_a_new_key_with_each_step(device: App, client: Client) -> None:
    sign_in(client)
    first = client.session.session_key
    client.post(VERIFY, {"code": code_of(device)})
    assert client.session.session_key != first
    stolen = Client()
    stolen.cookies["sessionid"] = first
    assert stolen.get(MANAGE).status_code == 302


@pytest.mark.parametrize(
    "address",
    [
        *("/admin/", "/admin/pages/", "/admin/api/main/pages/", "/admin/account/", "/admin/users/", MANAGE),
        *("/admin/pages/3/edit/preview/", "/admin/pages/3/view_draft/", "/admin/images/", "/admin/choose-page/"),
        "/admin/newsletter/subscriber/",
    ],
)
def test_with_a_password_alone_nothing_is_open(device: App, address: str, admin_user: Any) -> None:
    App.objects.create(user=admin_user, name="app")
    client = signed_in(admin_user)
    answer = client.get(address)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/admin/login/")
    assert client.get(address, headers={"X-Requested-With": "XMLHttpRequest"}).status_code in (302, 403)
    assert client.post(address).status_code in (302, 403)


def test_with_a_password_alone_private_pages_stay_closed(tree: Any, device: App, editor: Any) -> None:
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=tree.about, restriction_type=PageViewRestriction.LOGIN)
    assert signed_in(editor).get("/about/").status_code == 302
    verified = signed_in(editor)
    verified.post(VERIFY, {"code": code_of(device)})
    assert verified.get("/about/").status_code == 200


def test_required_of_everybody_it_is_set_up_before_anything_else(required: None, editor: Any, client: Client) -> None:
    assert sign_in(client).url.split("?")[0] == VERIFY
    assert client.get(VERIFY).url == SET_UP
    page = client.get(SET_UP)
    device = App.objects.get(user=editor, confirmed=False)
    assert second_factor.key_for_app(device) in page.content.decode()
    assert "<svg" in page.content.decode()
    assert page["Cache-Control"].count("no-store")
    assert client.get("/admin/").status_code == 302  # begun is not done
    shown = client.post(SET_UP, {"code": code_of(device)})
    assert len(codes_in(shown)) == NUMBER_OF_CODES
    assert client.get("/admin/").status_code == 200


def test_a_password_does_not_replace_an_app(required: None, device: App, editor: Any) -> None:
    """Else whoever knows the password sets up an app of their own."""
    client = signed_in(editor)
    assert client.get(SET_UP).url == VERIFY
    assert client.post(SET_UP, {"code": code_of(device)}).url == VERIFY
    assert App.objects.filter(user=editor).count() == 1


def test_strangers_are_sent_to_the_login(client: Client) -> None:
    for address in (VERIFY, SET_UP, MANAGE):
        assert client.get(address).url == f"/admin/login/?next={address}"


def test_the_next_address_is_ours(device: App, editor: Any) -> None:
    for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        client = signed_in(editor)
        App.objects.update(last_t=-1)
        assert client.post(VERIFY, {"code": code_of(device), "next": address}).url == "/admin/"


def test_of_a_stranger_nothing_is_missing() -> None:
    assert not second_factor.is_missing(AnonymousUser())


# --- Codes -------------------------------------------------------------------------------------------


def test_a_code_works_once(device: App, editor: Any) -> None:
    code = code_of(device)
    assert second_factor.verify(editor, f"{code[:3]} {code[3:]}") == device
    assert second_factor.verify(editor, code) is None


def test_wrong_codes_make_everybody_wait(device: App, editor: Any) -> None:
    client = signed_in(editor)
    with time_machine.travel("2026-05-04 10:00Z", tick=False) as clock:
        wrong = f"{(int(code_of(device)) + 1) % 1_000_000:06d}"
        assert b"That code is wrong" in client.post(VERIFY, {"code": wrong}).content
        assert b"Wait 1 seconds" in client.post(VERIFY, {"code": code_of(device)}).content
        clock.shift(1)
        client.post(VERIFY, {"code": wrong})
        assert b"Wait 2 seconds" in client.post(VERIFY, {"code": code_of(device)}).content
        clock.shift(2)
        assert client.post(VERIFY, {"code": code_of(device)}).status_code == 302


@pytest.mark.parametrize("code", ["", " ", "12345", "½½½½½½", "١٢٣٤٥٦", "-", "x" * 41, "0x1234", "\x00"])
def test_what_is_no_code_is_refused(device: App, editor: Any, code: str) -> None:
    assert signed_in(editor).post(VERIFY, {"code": code}).status_code == 200


def test_a_recovery_code_stands_in_once(device: App, editor: Any) -> None:
    first, second, *_ = second_factor.renew_codes(editor)
    client = signed_in(editor)
    assert client.post(VERIFY, {"code": first.upper().replace("-", " ")}).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert second_factor.codes_left(editor) == NUMBER_OF_CODES - 1
    assert second_factor.verify(editor, first) is None
    RecoveryCodes.objects.update(throttling_failure_count=0)
    assert second_factor.verify(editor, second) is not None


def test_a_recovery_code_is_somebodys_own(device: App, editor: Any) -> None:
    other = person("other", "Editor")
    second_factor.begin(other)
    assert second_factor.verify(editor, second_factor.renew_codes(other)[0]) is None


def test_recovery_codes_are_kept_as_hashes(settings: Any, editor: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.test_second_factor.QuickPBKDF2"]
    codes = second_factor.renew_codes(editor)
    kept = str(RecoveryCodes.objects.get().hashes)
    assert len(set(codes)) == NUMBER_OF_CODES
    assert kept.count("pbkdf2_sha256$") == NUMBER_OF_CODES
    assert not [code for code in codes if code[5:] in kept or code[5:].replace("-", "") in kept]
    assert second_factor.verify(editor, codes[3]) is not None


class QuickPBKDF2(PBKDF2PasswordHasher):
    """The hasher of production, for as long as a test can wait."""

    iterations = 1


def test_new_codes_end_the_old_ones(device: App, editor: Any) -> None:
    old = second_factor.renew_codes(editor)
    client = signed_in(editor)
    client.post(VERIFY, {"code": old[0]})
    assert b"9 recovery codes left" in client.get(MANAGE).content
    new = codes_in(client.post(MANAGE, {"code": code_of(device), "do": "codes"}))
    assert len(new) == NUMBER_OF_CODES
    assert second_factor.verify(editor, old[1]) is None
    assert client.get("/admin/").status_code == 200, "the session that a recovery code opened goes on"


def test_nothing_is_changed_without_a_code(device: App, editor: Any) -> None:
    client = signed_in(editor)
    client.post(VERIFY, {"code": code_of(device)})
    for do in ("codes", "turn-off"):
        assert client.post(MANAGE, {"code": "000000", "do": do}).status_code == 200
    assert App.objects.filter(user=editor, confirmed=True).exists()
    assert not RecoveryCodes.objects.exists()


def test_it_can_be_turned_off_where_it_is_not_required(device: App, editor: Any, settings: Any) -> None:
    codes = second_factor.renew_codes(editor)
    client = signed_in(editor)
    client.post(VERIFY, {"code": code_of(device)})
    settings.SECOND_FACTOR_REQUIRED = True
    client.post(MANAGE, {"code": codes[0], "do": "turn-off"})
    assert second_factor.has_app(editor)
    settings.SECOND_FACTOR_REQUIRED = False
    new = second_factor.renew_codes(editor)
    client.post(MANAGE, {"code": new[0], "do": "turn-off"})
    assert not second_factor.has_app(editor)
    assert client.get("/admin/").status_code == 200


def test_another_telephone_takes_the_place_of_the_first(device: App, editor: Any) -> None:
    client = signed_in(editor)
    client.post(VERIFY, {"code": code_of(device)})
    client.get(SET_UP)
    new = App.objects.get(user=editor, confirmed=False)
    client.post(SET_UP, {"code": code_of(new)})
    assert list(App.objects.filter(user=editor)) == [new]
    assert client.get("/admin/").status_code == 200


def test_the_app_reads_name_and_secret(editor: Any) -> None:
    address = second_factor.address_for_app(second_factor.begin(editor))
    assert address.startswith("otpauth://totp/Leadership%20Centre%3Aed?secret=")
    assert address.endswith("&issuer=Leadership%20Centre")


# --- Lost --------------------------------------------------------------------------------------------


def test_a_site_manager_lets_a_person_in_again(required: None, device: App, editor: Any, settings: Any) -> None:
    theirs = signed_in(editor)
    theirs.post(VERIFY, {"code": code_of(device)})
    assert theirs.get("/admin/").status_code == 200
    settings.SECOND_FACTOR_REQUIRED = False
    manager = signed_in(person("mia", "Site manager"))
    address = reverse("second_factor_reset", args=[editor.pk])
    assert address in manager.get("/admin/users/").content.decode()
    assert b"Speak to the person first" in manager.get(address).content
    assert manager.post(address).status_code == 302
    assert not second_factor.has_app(editor)
    assert theirs.get("/admin/").status_code == 302, "their sessions ended"
    assert manager.get("/admin/").status_code == 200, "nobody else's did"


def test_others_do_not_reset(device: App, editor: Any, admin_user: Any) -> None:
    manager = person("mia", "Site manager")
    for actor, subject in ((person("pub", "Publisher"), editor), (manager, admin_user), (manager, manager)):
        answer = signed_in(actor).post(reverse("second_factor_reset", args=[subject.pk]))
        assert (answer.status_code, answer.url) == (302, "/admin/")
    assert second_factor.has_app(editor)


def test_a_command_resets(device: App, editor: Any, capsys: Any) -> None:
    call_command("reset_second_factor", "ed")
    assert not second_factor.has_app(editor)
    with pytest.raises(CommandError, match="no user named 'nobody'"):
        call_command("reset_second_factor", "nobody")
