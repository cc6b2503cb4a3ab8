"""Middleware of the whole site: proxies, request ids, security and cache headers."""

import ipaddress
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

from core import memory

GetResponse = Callable[[HttpRequest], HttpResponse]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PRIVATE_PATHS = ("/admin/", "/documents/", "/drafts/", "/feedback/", "/health/", "/search/", "/newsletter/mailchimp/")


def may_be_editor(request: HttpRequest) -> bool:
    """Whether the request carries a session, so that nothing made for it may be kept or shared."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class TrustedProxyMiddleware:
    """Believe forwarded headers only from TRUSTED_PROXIES, and drop them from anyone else.

    Afterwards REMOTE_ADDR is the visitor's address, as far as it can be known: the last address in
    X-Forwarded-For that is not one of our proxies.
    """

    FORWARDED = (
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PORT",
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_trusted(address_of(request.META.get("REMOTE_ADDR", ""))):
            self._believe(request)
        else:
            for name in self.FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)

    def _believe(self, request: HttpRequest) -> None:
        """Take the visitor's address from the header, read from its end, which our proxies wrote."""
        for hop in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            address = address_of(hop.strip())
            if address is None:  # nobody we trust wrote that
                return
            if not is_trusted(address):
                request.META["REMOTE_ADDR"] = str(address)
                return


def address_of(text: str) -> Address | None:
    """Read an IP address; None when it is none. An IPv4 address written as IPv6 is the IPv4 address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_trusted(address: Address | None) -> bool:
    """Whether an address is that of one of our proxies."""
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


class CompressionMiddleware(GZipMiddleware):
    """Compress texts. Pictures and most documents are compressed already: again costs time and saves nothing."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """Compress an answer, if its kind is worth it."""
        kind = response.get("Content-Type", "").partition(";")[0]
        if kind.startswith("text/") or kind.endswith(("json", "xml", "javascript")):
            return super().process_response(request, response)
        return response


class RequestIdMiddleware:
    """Give each request an id that its log lines and its answer share."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        if may_be_editor(request) or response.status_code >= 500:
            response["X-Request-ID"] = request_id
        return response


class MemoryMiddleware:
    """Let a request that only reads remember what it has read (core.memory)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with memory.remembered(request.META.get("page_cache.generation")):
            return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy for readers, a wider one for the admin and for editors, whose pages carry the userbar."""

    def get_policy_parts(self, request: HttpRequest, response: Any, report_only: bool = False) -> PolicyParts:
        """Choose the policy by who asks."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/admin/") or may_be_editor(request):
            parts.config = settings.ADMIN_CONTENT_SECURITY_POLICY
        return parts


class ResourcePolicyMiddleware:
    """Let other sites load nothing of ours into their pages, unless the view says so, as pictures do."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class CacheControlMiddleware:
    """Say who may keep an answer: anyone for a public page, nobody for the rest.

    A kept page must be asked about before it is shown again (a 304 when it is the same), so that what an editor
    publishes is seen at once.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if self._is_public(request, response):
            shared = {"s_maxage": settings.CDN_SECONDS} if settings.CDN_SECONDS else {}
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True, **shared)
        else:
            patch_cache_control(response, no_store=True, private=True)
        return response

    def _is_public(self, request: HttpRequest, response: HttpResponse) -> bool:
        return (
            request.method in ("GET", "HEAD")
            and response.status_code in (200, 301, 304, 308)
            and not may_be_editor(request)
            and not response.cookies
            and not request.path.startswith(PRIVATE_PATHS)
            and not getattr(request, "is_preview", False)
            and "Cookie" not in response.get("Vary", "")
        )
