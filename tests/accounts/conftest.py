"""People who sign in, and their apps."""

import time
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django_otp.oath import TOTP

from accounts import second_factor
from accounts.models import App

PASSWORD = "a long password for tests"


def code_of(device: App, steps_ahead: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    clock = TOTP(device.bin_key, device.step, device.t0, device.digits)
    clock.time = time.time() + steps_ahead * device.step
    return f"{clock.token():06d}"


def person(name: str, *roles: str, **fields: Any) -> Any:
    """Make a user with roles."""
    user = get_user_model()._default_manager.create_user(name, f"{name}@example.org", PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles)
    return user


def signed_in(user: Any) -> Client:
    """A browser in which a password has been given."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(db: None) -> Any:
    return person("ed", "Editor")


@pytest.fixture
def device(editor: Any) -> App:
    """The editor's app, set up."""
    made = second_factor.begin(editor)
    App.objects.filter(pk=made.pk).update(confirmed=True)
    made.refresh_from_db()
    return made


@pytest.fixture
def required(settings: Any) -> None:
    """As on https: everybody needs a second factor."""
    settings.SECOND_FACTOR_REQUIRED = True
