"""What stands for a visitor's network where forms are limited."""

import ipaddress

from core.middleware import address_of


def network_of(ip: str) -> str:
    """The network of an address: itself for IPv4, its /64 for IPv6, which is one household."""
    address = address_of(ip)
    if address is None:
        return "unknown"
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
