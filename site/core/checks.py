"""House rules as Django system checks: a broken rule is a named error at start-up."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from wagtail.models import get_page_models

OWN_APPS = (
    *("wordpress", "home", "programmes", "news", "changemaking"),
    *("newsletter", "feedback", "editorial", "drafts", "recycle_bin", "accounts", "core"),
)


def own_page_models() -> Iterable[Any]:
    """The page types of this project that can be created."""
    return [model for model in get_page_models() if model._meta.app_label in OWN_APPS]


@register()
def pages_say_where_they_belong(**kwargs: Any) -> list[CheckMessage]:
    """Every page type states its parents and children, so that an editor cannot put it where it breaks."""
    return [
        Error(
            f"{model.__name__} does not say {rule}.",
            hint="State parent_page_types and subpage_types on the class itself.",
            id="core.E001",
        )
        for model in own_page_models()
        for rule in ("parent_page_types", "subpage_types")
        if rule not in vars(model)
    ]


@register()
def pages_are_base_pages(**kwargs: Any) -> list[CheckMessage]:
    """Every page type is a BasePage, so that each has its listing and sharing fields."""
    base = __import__("core.models", fromlist=["BasePage"]).BasePage
    return [
        Error(f"{model.__name__} is not a BasePage.", id="core.E002")
        for model in own_page_models()
        if not issubclass(model, base)
    ]


@register()
def site_folder_is_no_package(**kwargs: Any) -> list[CheckMessage]:
    """`site` is a module of the standard library: a `site/__init__.py` here would hide it."""
    if (Path(settings.BASE_DIR) / "site" / "__init__.py").exists():
        return [Error("site/__init__.py exists; it hides Python's own module. Delete it.", id="core.E003")]
    return []


@register()
def models_have_docstrings(**kwargs: Any) -> list[CheckMessage]:
    """Every model says what it is for (Django's generated signature does not count)."""
    return [
        Error(f"{model.__name__} has no docstring.", id="core.E004")
        for label in OWN_APPS
        for model in apps.get_app_config(label).get_models()
        if (model.__doc__ or "").startswith(f"{model.__name__}(")
    ]
