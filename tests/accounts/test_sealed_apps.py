"""The secret of a person's app is kept encrypted, and what becomes of it with another SECRET_KEY."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from accounts import second_factor
from accounts.models import App
from accounts.sealing import is_sealed, seal
from tests.accounts.conftest import code_of, person, signed_in

pytestmark = pytest.mark.django_db
VERIFY, SET_UP = "/admin/second-factor/", "/admin/second-factor/set-up/"


def test_the_secret_of_an_app_is_kept_encrypted(device: App, editor: Any) -> None:
    kept = App.objects.values_list("key", flat=True).get()
    assert second_factor.key_for_app(device) not in kept and device.bin_key.hex() not in kept
    assert is_sealed(kept) and len(kept) <= App._meta.get_field("key").max_length
    assert len(device.bin_key) == 20
    other = second_factor.begin(person("grace", "Editor"))
    assert seal(b"x" * 20) != seal(b"x" * 20) and other.bin_key != device.bin_key
    assert second_factor.verify(editor, code_of(device)) == device


def test_one_kept_in_the_clear_works_and_is_encrypted_when_it_is_used(device: App, editor: Any) -> None:
    secret = "0123456789" * 4
    App.objects.update(key=secret)
    device.refresh_from_db()
    assert device.bin_key == bytes.fromhex(secret)
    assert second_factor.verify(editor, code_of(device)) == device
    kept = App.objects.get()
    assert is_sealed(kept.key) and kept.bin_key == bytes.fromhex(secret)


def test_with_another_secret_key_a_recovery_code_helps(device: App, editor: Any, settings: Any, caplog: Any) -> None:
    codes, code = second_factor.renew_codes(editor), code_of(device)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key"
    client = signed_in(editor)
    assert client.post(VERIFY, {"code": code}).status_code == 200
    assert "encrypted with another SECRET_KEY" in caplog.text
    assert client.post(VERIFY, {"code": codes[0]}).status_code == 302
    shown = client.get(SET_UP)
    assert second_factor.key_for_app(App.objects.get(user=editor, confirmed=False)) in shown.content.decode()
    settings.SECRET_KEY_FALLBACKS = [former]
    assert second_factor.verify(editor, code_of(device)) == device


@pytest.mark.parametrize("damaged", ["~", "~AAAA", "~" + "A" * 64, "~not base64", "0123456789abcdeg"])
def test_a_damaged_secret_is_a_wrong_code_and_is_made_anew(device: App, editor: Any, damaged: str) -> None:
    code = code_of(device)
    App.objects.update(key=damaged)
    assert second_factor.verify(editor, code) is None
    App.objects.update(confirmed=False)
    assert second_factor.begin(editor).bin_key


def test_the_release_before_finds_all_in_the_clear(device: App) -> None:
    unreadable = second_factor.begin(person("grace", "Editor"))
    App.objects.filter(pk=unreadable.pk).update(key="~" + "A" * 64)
    migration = import_module("accounts.migrations.0004_sealed_apps")
    migration.decrypt(apps, SimpleNamespace(connection=connection))
    assert App.objects.values_list("key", flat=True).get(pk=device.pk) == device.bin_key.hex()
