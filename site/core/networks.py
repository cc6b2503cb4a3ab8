"""What stands for a visitor's network where forms are limited, and which addresses lead to this machine."""

import ipaddress
from urllib.parse import urlsplit

from core.middleware import address_of


def network_of(ip: str) -> str:
    """The network of an address: itself for IPv4, its /64 for IPv6, which is one household."""
    address = address_of(ip)
    if address is None:
        return "unknown"
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))


def is_on_this_machine(address: str) -> bool:
    """Whether a web address leads to the machine in hand, and so to nowhere for everybody else."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
