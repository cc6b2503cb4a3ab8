"""The guards of the tests themselves: nothing leaves this machine, and the cache starts empty."""

import socket
import urllib.request

import pytest
from django.core.cache import cache

from tests.conftest import OutsideNetwork


@pytest.mark.parametrize(
    "address", [("192.0.2.1", 80), ("example.org", 443), ("2001:db8::1", 80), ("127.0.0.1.example.org", 80)]
)
def test_connections_to_other_machines_are_refused(address):
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as connection:
        with pytest.raises(OutsideNetwork):
            connection.connect(address)
        with pytest.raises(OutsideNetwork):
            connection.connect_ex(address)


def test_names_of_other_machines_are_not_looked_up():
    for name in ("example.org", b"example.org", "192.0.2.1"):
        with pytest.raises(OutsideNetwork):
            socket.getaddrinfo(name, 80)
    with pytest.raises(OutsideNetwork):
        urllib.request.urlopen("https://www.example.org/", timeout=1)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
    assert socket.getaddrinfo("localhost", 80)
    assert socket.getaddrinfo(None, 80)


@pytest.mark.parametrize("turn", [1, 2])
def test_the_cache_starts_empty(turn):
    assert cache.get("turn") is None
    cache.set("turn", turn)
