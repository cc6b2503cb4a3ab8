"""Django's "hello" with the middleware that `startproject` gives, as settings, addresses and WSGI application in one.

Behind the gunicorn of the site: `DJANGO_SETTINGS_MODULE=tests.benchmarks.hello`, `tests.benchmarks.hello:start()`.
"""

from typing import Any

from config.settings.production import *  # noqa: F403 - what gunicorn.conf.py reads, host names, the database

ROOT_URLCONF = __name__
AUTH_USER_MODEL = "auth.User"
SECURE_SSL_REDIRECT = False
INSTALLED_APPS = [f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles")]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def __getattr__(name: str) -> Any:
    """The addresses, made when Django's URL resolver asks for them: settings may not import views."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.http import HttpResponse
    from django.urls import path

    return [path("", lambda request: HttpResponse("hello")), path("health/live/", lambda request: HttpResponse("ok"))]


def start() -> Any:
    """Give the WSGI application."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()
