"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core import memory
from core.models import Navigation, SiteSettings
from core.routing import current_site


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's settings and navigation, read only by templates that use them.

    `has_session` says whether the visitor may be an editor, without reading the session: a public page must not.
    """
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_settings": SimpleLazyObject(lambda: _of_site(SiteSettings, request)),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "menu": SimpleLazyObject(lambda: memory.until_a_change("menu", lambda: _navigation(request).get_menu())),
        "has_session": settings.SESSION_COOKIE_NAME in request.COOKIES,
    }


def _navigation(request: HttpRequest) -> Navigation:
    navigation = _of_site(Navigation, request)
    navigation.read_pages()
    return navigation


def _of_site(model: Any, request: HttpRequest) -> Any:
    """The site's record of a model; an empty one until an editor has saved it."""
    return getattr(current_site(request), model._meta.model_name, None) or model()
