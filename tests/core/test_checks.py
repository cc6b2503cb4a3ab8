"""Each house rule fails when it is broken, and none is broken now."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from wagtail.models import Page

from core import checks
from core.models import BasePage

ROOT = Path(__file__).resolve().parents[2]


def ids(messages):
    return [message.id for message in messages]


@pytest.fixture
def page_types(monkeypatch):
    """Make the checks look at other page types."""

    def use(*models):
        monkeypatch.setattr(checks, "own_page_models", lambda: list(models))

    return use


def test_no_rule_is_broken():
    call_command("check", fail_level="WARNING")


def test_our_page_types_are_found_and_no_others():
    labels = {model._meta.label for model in checks.own_page_models()}
    assert {"home.HomePage", "news.NewsArticlePage", "newsletter.ThankYouPage"} <= labels
    assert not any(label.startswith("wagtail") for label in labels)


def test_a_page_type_must_say_where_it_belongs(page_types):
    class Silent:
        subpage_types: tuple[str, ...] = ()

    class Heir(Silent):
        parent_page_types: tuple[str, ...] = ()

    page_types(Silent, Heir)
    messages = checks.pages_say_where_they_belong()
    assert ids(messages) == ["core.E001", "core.E001"]
    assert [message.msg for message in messages] == [
        "Silent does not say parent_page_types.",
        "Heir does not say subpage_types.",
    ]


def test_a_page_type_must_be_a_base_page(page_types):
    page_types(Page)
    assert ids(checks.pages_are_base_pages()) == ["core.E002"]
    page_types(BasePage)
    assert checks.pages_are_base_pages() == []


def test_the_folder_site_must_not_become_a_package(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "site").mkdir()
    assert checks.site_folder_is_no_package() == []
    (tmp_path / "site" / "__init__.py").touch()
    assert ids(checks.site_folder_is_no_package()) == ["core.E003"]


def test_the_folder_site_is_no_package():
    assert (ROOT / "site").is_dir()
    assert not (ROOT / "site" / "__init__.py").exists()


def test_a_model_must_have_a_docstring(monkeypatch):
    written = type("Written", (), {"__doc__": "What it is for."})
    generated = type("Generated", (), {"__doc__": "Generated(id, name)"})
    config = SimpleNamespace(get_models=lambda: [written, generated])
    monkeypatch.setattr(checks, "OWN_APPS", ("home",))
    monkeypatch.setattr(checks, "apps", SimpleNamespace(get_app_config=lambda label: config))
    assert [message.msg for message in checks.models_have_docstrings()] == ["Generated has no docstring."]
