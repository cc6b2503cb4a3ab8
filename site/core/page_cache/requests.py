"""Which requests may be answered from memory, under which key, and what Django is asked instead of the visitor's words.

Whatever is not part of the key is not part of the question either. So nothing a visitor sends, be it a forged header, a
cookie or an odd query string, can change what others get.
"""

import io
import sys
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.urls import Resolver404, resolve

from core.middleware import address_of, is_trusted
from core.page_cache.public import all_arguments, is_public
from core.page_cache.store import Key

Environ = dict[str, Any]

# Longer query strings, and those of more arguments, are answered and not kept.
LONGEST_QUERY = 1000
MOST_ARGUMENTS = 50


class Questions:
    """Reads requests by the settings of the site."""

    def __init__(self) -> None:
        address = urlsplit(settings.SITE_URL)
        self.scheme = address.scheme
        port = f":{address.port}" if address.port else ""
        named = [host for host in settings.ALLOWED_HOSTS if "*" not in host and not host.startswith(".")]
        # Django takes any port and any case of an allowed host: they are answered, but each would be another key.
        self._hosts = frozenset({address.netloc, *(f"{host}{port}" for host in named)})
        self._session_cookie = settings.SESSION_COOKIE_NAME
        self._apart = (f"/{settings.STATIC_URL.lstrip('/')}", f"/{settings.MEDIA_URL.lstrip('/')}", "/admin/")
        self._is_proxy = lru_cache(maxsize=1024)(lambda address: is_trusted(address_of(address)))

    def key_of(self, environ: Environ) -> Key | None:
        """Host, path and canonical query string; None for a request that is none of the cache's business."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        path, host = environ.get("PATH_INFO", ""), environ.get("HTTP_HOST", "")
        if host not in self._hosts or environ.get("SCRIPT_NAME") or path.startswith(self._apart):
            return None
        # An editor, perhaps: the session is another visitor's world, in both directions.
        if self._session_cookie in environ.get("HTTP_COOKIE", ""):
            return None
        if self.scheme == "https" and not self._is_secure(environ):
            return None
        query = canonical_query(environ.get("QUERY_STRING", ""))
        return None if query is None else (host, path, query)

    def _is_secure(self, environ: Environ) -> bool:
        """Whether the visitor came by https, as Django will see it."""
        said = environ.get("HTTP_X_FORWARDED_PROTO")
        if said is not None and self._is_proxy(environ.get("REMOTE_ADDR", "")):
            return said == "https"
        return environ["wsgi.url_scheme"] == "https"

    def as_asked_of_django(self, key: Key) -> Environ:
        """The request that stands for all that have this key: nothing in it comes from one visitor."""
        host, path, query = key
        return {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": host,
            "SERVER_NAME": urlsplit(f"//{host}").hostname or host,
            "SERVER_PORT": "443" if self.scheme == "https" else "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


def is_for_everyone(environ: Environ) -> bool:
    """Whether the view at this address has said that it is public."""
    try:
        return is_public(resolve(get_path_info(environ)).func)
    except Resolver404:
        return False


def canonical_query(query: str) -> str | None:
    """The arguments that pages know, each once, the last as Django reads it, in alphabetical order.

    Returns:
        None for a query string of an unreasonable size.
    """
    if not query:
        return ""
    if len(query) > LONGEST_QUERY:
        return None
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_ARGUMENTS)
    except ValueError:
        return None
    known = all_arguments()
    return urlencode(sorted({name: value for name, value in pairs if name in known}.items()))


def names_in(query: str) -> set[str]:
    """The names of the arguments in a canonical query string."""
    return {name for name, _ in parse_qsl(query, keep_blank_values=True)}
