"""A wrong setting is one clear line that names it, not a traceback; the settings of production are safe."""

import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from config import environment

ROOT = Path(__file__).resolve().parents[2]

# One slip of each kind; the tests of config.environment below have more.
WRONG = {
    "SITE_URL": "http://[::1",
    "SIGNUP_LIMIT_PER_IP": "lots",
    "MAILCHIMP_DOUBLE_OPT_IN": "perhaps",
    "DATABASE_URL": "postgres://user:sesame@host:port/name",
    "TRUSTED_PROXIES": "10.0.0.0/99",
    "DATA_DIR": "/proc",
    "EMAIL_URL": "smtp://user:sesame@host:port",
    "LOG_LEVEL": "LOUD",
    "DEBUG": "maybe",
    "SENTRY_DSN": "nonsense",
    "MEDIA_STORAGE_URL": "s3://KEY:sesame@host",
}


def manage(tmp_path: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a management command as on a server: the settings of production, and only these variables."""
    defaults = {"DATA_DIR": str(tmp_path / "var"), "ENV_FILE": os.devnull, "SECRET_KEY": secrets.token_urlsafe(50)}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | defaults | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_wrong_value_is_one_line_that_names_the_variable(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda case: manage(tmp_path, "check", **dict([case])), WRONG.items()))
    for (name, value), result in zip(WRONG.items(), results, strict=True):
        said = result.stderr.strip()
        assert result.returncode not in (0, None), (name, value)
        assert said.count("\n") == 0, said
        assert said.startswith("Wrong settings: "), said
        assert name in said
        assert "Traceback" not in said
        assert "sesame" not in said, "a password"


def test_the_settings_of_production_pass_every_check_of_a_deployment(tmp_path):
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", SITE_URL="https://www.example.org")
    assert (result.returncode, result.stderr) == (0, "")
    assert "no issues (0 silenced)" in result.stdout


def test_without_any_setting_the_site_works_on_ones_own_machine(tmp_path):
    result = manage(tmp_path, "check", SECRET_KEY="")
    assert (result.returncode, result.stderr) == (0, "")
    key = tmp_path / "var" / "secret_key"
    assert len(key.read_text()) > 50
    assert key.stat().st_mode & 0o777 == 0o600


def test_the_models_and_the_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


# --- Reading the environment -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("https://www.example.org", "www.example.org", None),
        ("http://127.0.0.1:8123", "127.0.0.1", 8123),
        ("http://[::1]:8000", "::1", 8000),
        ("http://localhost/", "localhost", None),
    ],
)
def test_the_address_of_the_site_is_read(address, host, port):
    parts = environment.site_url(address)
    assert (parts.hostname, parts.port) == (host, port)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://example.org",
        "https://",
        "https://example.org/path",
        "http://[::1",
        "http://a:99999",
        "www.example.org",
        "https://user:password@example.org",
        "https://a b.org",
        "https://a?b",
        "https://a#b",
        "https://a,b",
    ],
)
def test_another_address_is_refused(address):
    with pytest.raises(ImproperlyConfigured, match="must be the site's own address"):
        environment.site_url(address)


def test_a_kept_secret_stays_the_same_and_is_its_owners(tmp_path):
    first = environment.kept_secret(tmp_path)
    assert environment.kept_secret(tmp_path) == first
    assert len(first) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_a_data_folder_is_made_and_tried(tmp_path, monkeypatch):
    assert environment.writable_folder("DATA_DIR", tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert list((tmp_path / "a" / "b").iterdir()) == []

    def fail(**kwargs: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(environment.tempfile, "TemporaryFile", fail)
    with pytest.raises(ImproperlyConfigured, match=r"DATA_DIR is .*cannot be written: Permission denied"):
        environment.writable_folder("DATA_DIR", tmp_path)


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("YES", True), (" 1 ", True), ("off", False), ("False", False)]
)
def test_a_switch_is_read(text, value):
    assert environment.yes_or_no("DEBUG", text) is value


@pytest.mark.parametrize("text", ["", "-1", "1.5", "none", "1e3"])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ImproperlyConfigured, match=r"N is .*a whole number of at least 0"):
        environment.whole_number("N", text)


@pytest.mark.parametrize("text", ["", "ON", "perhaps"])
def test_a_word_must_be_on_its_list(text):
    with pytest.raises(ImproperlyConfigured, match="one of: auto, on, off"):
        environment.one_of("MAILCHIMP_DOUBLE_OPT_IN", text, ("auto", "on", "off"))


def test_a_folder_that_cannot_be_made_is_refused():
    with pytest.raises(ImproperlyConfigured, match="cannot be written: Not a directory"):
        environment.writable_folder("DATA_DIR", "/dev/null/var")


def test_a_number_has_a_least_value():
    assert environment.whole_number("N", "0") == 0
    with pytest.raises(ImproperlyConfigured, match="at least 5"):
        environment.whole_number("N", "4", minimum=5)


def test_tests_use_a_data_folder_of_their_own(settings):
    assert Path(settings.DATA_DIR).name.startswith("leadership-centre-tests-")
    assert settings.MEDIA_ROOT.is_relative_to(settings.DATA_DIR)
    assert settings.SITE_URL == "http://testserver"
