"""Whether a form was sent from a page of this site.

Public pages are kept and the same for everyone, so they carry no CSRF token. The browser's own word replaces it:
such a form uses no cookie and no login, so what is kept out is another site sending forms through its visitors.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent this form.

    `Sec-Fetch-Site` is asked first, then `Origin`, then `Referer`. A request with none of them comes from an
    old browser or from a program, which no header could keep out; it is accepted, and limited like all.
    """
    site = request.headers.get("Sec-Fetch-Site", "")
    if site in ("same-origin", "same-site"):
        return False
    if site == "cross-site":
        return True
    if origin := request.headers.get("Origin"):
        return _host(origin) not in _own_hosts(request)
    if referer := request.headers.get("Referer"):
        return _host(referer) not in _own_hosts(request)
    return False


def _own_hosts(request: HttpRequest) -> set[str]:
    return {request.get_host().lower(), urlsplit(settings.SITE_URL).netloc.lower()}


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""
