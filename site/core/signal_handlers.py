"""What core does when something happens elsewhere."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.management import call_command


def fill_search(**kwargs: Any) -> None:
    """Fill the readers' search of a site that is older than it. Later each page is entered when it is saved."""
    pages = apps.get_model("wagtailcore", "Page").objects
    if apps.get_model("core", "SearchEntry").objects.exists() or not pages.filter(depth__gt=1, live=True).exists():
        return
    call_command("update_index", backend_name="site", verbosity=0)


def follow_site_url(**kwargs: Any) -> None:
    """Keep the default site's host and port equal to SITE_URL, from which Wagtail builds full addresses.

    Runs after every migrate, so a release or a start on another port is enough to change it.
    """
    site_model = apps.get_model("wagtailcore", "Site")
    address = urlsplit(settings.SITE_URL)
    wanted = {
        "hostname": address.hostname,
        "port": address.port or (443 if address.scheme == "https" else 80),
    }
    site = site_model.objects.filter(is_default_site=True).first()
    if site is None or all(getattr(site, name) == value for name, value in wanted.items()):
        return
    for name, value in wanted.items():
        setattr(site, name, value)
    site.save()
