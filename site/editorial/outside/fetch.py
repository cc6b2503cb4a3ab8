"""One question to another site: is there a page at this address? Never to a private network, never for long."""

import http.client
import ipaddress
import socket
import ssl
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from core.deadlines import Deadline
from core.middleware import Address, address_of

# Seconds for all of it, from the first connection to the last redirect's answer.
TOTAL_SECONDS = 20.0
CONNECT_SECONDS = 10.0
REDIRECTS = 5
REDIRECTING = (301, 302, 303, 307, 308)
NO_SUCH_PAGE = (404, 410)
# Ways to write an IPv4 address as a global IPv6 one: 6to4 (RFC 3056) and NAT64 (RFC 6052, RFC 8215).
DISGUISES = tuple(map(ipaddress.ip_network, ("2002::/16", "64:ff9b::/96", "64:ff9b:1::/48")))


class Failure(Exception):
    """There is no page to be had. Says why in a sentence for editors."""


def failure_of(address: str) -> str:
    """Ask for an address. Returns why readers would not get to a page there; empty when they would.

    A site that turns programs away (401, 403, 429 and the like) is there: what people see, it alone knows.
    """
    try:
        with Deadline(TOTAL_SECONDS) as deadline:
            _follow(address, deadline)
    except Failure as failure:
        return str(failure)
    return ""


def _follow(address: str, deadline: Deadline) -> None:
    for _ in range(REDIRECTS + 1):
        status, location = _ask(address, deadline)
        if status not in REDIRECTING or not location:
            break
        address = urljoin(address, location)
    else:
        raise Failure("It leads from one address to the next without an end.")
    if status in NO_SUCH_PAGE:
        raise Failure(f"The other site has no such page any more ({status}).")
    if status >= 500 and status != 999:  # 999 is how one network turns programs away
        raise Failure(f"The other site has a fault ({status}).")


def _ask(address: str, deadline: Deadline) -> tuple[int, str]:
    """Status and target of a redirect. Of the answer only its head is read, which http.client limits in size.

    Raises:
        Failure: there was no answer.
    """
    parts, host, port = _readable(address)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    connection = _PinnedConnection(host, port, _public_ip(host, port), deadline, context)
    try:
        target = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        connection.request("GET", target, headers={"User-Agent": user_agent(), "Accept": "*/*", "Connection": "close"})
        answer = connection.getresponse()
        if deadline.is_over:  # the head was cut, which http.client takes for its end
            raise TimeoutError
        return answer.status, answer.getheader("Location", "")
    except ssl.SSLCertVerificationError as error:
        raise Failure("Its certificate is not valid, so that browsers warn of it.") from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Failure(_too_slow(deadline, error) or "It does not answer as websites do, or not at all.") from error
    finally:
        connection.close()


def _too_slow(deadline: Deadline, error: Exception) -> str:
    is_slow = deadline.is_over or isinstance(error, TimeoutError)
    return f"It has not answered within {TOTAL_SECONDS:.0f} seconds." if is_slow else ""


def _readable(address: str) -> tuple[SplitResult, str, int]:
    """The parts of an address, its host in ASCII, and its port."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:  # of which UnicodeError is one
        raise Failure("The address cannot be read.") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Failure("It leads to something that is no website.")
    return parts, host, port


def user_agent() -> str:
    """Who asks, so that others can tell and turn it away."""
    return f"{settings.WAGTAIL_SITE_NAME.replace(' ', '')}-link-check/1.0 (+{settings.SITE_URL})"


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host.

    Raises:
        OSError: there are none.
    """
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _public_ip(host: str, port: int) -> str:
    """The IP address to connect to: the one that was looked at, so that no second look-up can say another.

    Raises:
        Failure: there is none, or one of them is not on the public internet.
    """
    try:
        found = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise Failure("There is no website of this name.") from error
    if not found or not all(is_public(address_of(ip.partition("%")[0])) for ip in found):
        raise Failure("It leads into a private network, where readers do not get to.")
    return found[0]


def is_public(ip: Address | None) -> bool:
    """Whether an IP address is one machine's on the public internet (IANA's special-purpose registries)."""
    if ip is None or not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip.version == network.version and ip in network for network in DISGUISES)


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to one IP address in the name of a host, which a deadline can cut."""

    def __init__(self, host: str, port: int, ip: str, deadline: Deadline, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        # What the base class writes into "Host": without the port where it is the scheme's own.
        self.default_port = 443 if context else 80
        self._ip, self._deadline, self._context = ip, deadline, context

    def connect(self) -> None:
        """Connect to the IP address, and prove the host's name where there is TLS."""
        sock: Any = socket.create_connection((self._ip, self.port), self.timeout)
        self._deadline.watch(sock)
        try:
            self.sock = self._context.wrap_socket(sock, server_hostname=self.host) if self._context else sock
        except BaseException:
            sock.close()
            raise
