"""Asking other sites: what is asked, what never is, and what is made of the answers. Here they are on loopback."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from editorial.audit import audit
from editorial.models import ExternalAddress, PageLink
from editorial.outside import check, fetch
from tests import factories as make

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class OtherSite:
    """A site that answers each connection by what a function writes. Keeps what was asked."""

    def __init__(self, answer: Callable[[socket.socket, str], None], context: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self.answer, self.context = answer, context
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.one, args=(connection,), daemon=True).start()

    def one(self, connection: socket.socket) -> None:
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            self.asked.append(connection.recv(65536).decode())
            self.answer(connection, self.asked[-1].split()[1])
        except OSError:
            pass
        finally:
            connection.close()


@pytest.fixture
def site() -> Iterator[Callable[..., OtherSite]]:
    """Makes other sites, and takes them down."""
    made: list[OtherSite] = []

    def make_one(answer: bytes | Callable[[socket.socket, str], None], context=None) -> OtherSite:
        said = answer if callable(answer) else lambda connection, path: connection.sendall(answer)
        made.append(OtherSite(said, context))
        return made[-1]

    yield make_one
    for one in made:
        one.server.close()


@pytest.fixture
def names(monkeypatch) -> dict[str, str]:
    """What names stand for. Loopback counts as public, so that sites there are asked; all else is as it is."""
    known: dict[str, str] = {}
    is_public = fetch.is_public

    def resolve(host: str, port: int) -> list[str]:
        if host not in known:
            raise socket.gaierror("no such name")
        return [known[host]]

    monkeypatch.setattr(fetch, "resolve", resolve)
    monkeypatch.setattr(fetch, "is_public", lambda ip: str(ip) == "127.0.0.1" or is_public(ip))
    known["other.example"] = "127.0.0.1"
    return known


def head(status: int, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Words", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.mark.parametrize("status", [200, 204, 206, 304, 400, 401, 403, 405, 429, 451, 999])
def test_a_site_that_is_there_is_not_broken(site, names, status):
    other = site(head(status))
    assert fetch.failure_of(f"http://other.example:{other.port}/a/b?c=%20d") == ""


@pytest.mark.parametrize(
    ("status", "words"), [(404, "no such page"), (410, "no such page"), (500, "fault"), (503, "fault")]
)
def test_a_page_that_is_not_there_is(site, names, status, words):
    other = site(head(status))
    failure = fetch.failure_of(f"http://other.example:{other.port}/")
    assert words in failure
    assert str(status) in failure


def test_the_question_is_small_and_says_who_asks(site, names, settings):
    other = site(OK)
    fetch.failure_of(f"http://other.example:{other.port}/päth?q=ü#part")
    [asked] = other.asked
    assert asked.startswith("GET /p%C3%A4th?q=%C3%BC HTTP/1.1\r\n")
    assert f"Host: other.example:{other.port}" in asked
    assert f"(+{settings.SITE_URL})" in asked
    assert "Referer" not in asked
    assert "Cookie" not in asked


def test_redirects_are_followed_a_few_times(site, names):
    def redirect(connection: socket.socket, path: str) -> None:
        left = int(path.strip("/"))
        connection.sendall(head(302, Location=f"/{left - 1}/") if left else OK)

    other = site(redirect)
    assert fetch.failure_of(f"http://other.example:{other.port}/{fetch.REDIRECTS}/") == ""
    assert "without an end" in fetch.failure_of(f"http://other.example:{other.port}/{fetch.REDIRECTS + 1}/")


@pytest.mark.parametrize(
    "target", ["http://inside.example/", "http://10.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/"]
)
def test_no_redirect_leads_into_a_private_network(site, names, monkeypatch, target):
    names |= {"inside.example": "10.0.0.7", "10.0.0.1": "10.0.0.1", "::1": "::1", "169.254.169.254": "169.254.169.254"}
    other = site(head(302, Location=target))
    connect, connected = socket.create_connection, []
    monkeypatch.setattr(socket, "create_connection", lambda to, *rest: connected.append(to) or connect(to, *rest))
    assert "private network" in fetch.failure_of(f"http://other.example:{other.port}/")
    assert connected == [("127.0.0.1", other.port)]


@pytest.mark.parametrize(
    "ip",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",  # noqa: S104
            "224.0.0.1",
        ),
        *("255.255.255.255", "192.0.2.1", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:db8::1"),
        *("2001:0:1::1", "nonsense"),
    ],
)
def test_what_is_not_on_the_public_internet(ip):
    assert not fetch.is_public(fetch.address_of(ip))


@pytest.mark.parametrize("ip", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_what_is_on_the_public_internet(ip):
    assert fetch.is_public(fetch.address_of(ip))


def test_a_name_with_one_private_address_among_others_is_not_asked(monkeypatch):
    monkeypatch.setattr(fetch, "resolve", lambda host, port: ["1.1.1.1", "192.168.0.1"])
    assert "private network" in fetch.failure_of("http://both.example/")


def test_a_name_is_looked_up_once_so_that_it_cannot_become_another(site, monkeypatch):
    other = site(OK)
    answers = iter([["127.0.0.1"]])
    monkeypatch.setattr(fetch, "resolve", lambda host, port: next(answers))
    monkeypatch.setattr(fetch, "is_public", lambda ip: True)
    assert fetch.failure_of(f"http://other.example:{other.port}/") == ""
    assert next(answers, None) is None


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://unknown.example/", "no website of this name"),
        ("http://other.example:1/", "does not answer"),
        ("ftp://other.example/", "no website"),
        ("http://other.example:99999/", "cannot be read"),
        ("http://[bad/", "cannot be read"),
        (f"http://{'a' * 70}.example/", "cannot be read"),
        ("http://other.example:1/\r\nX: y", "does not answer"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(names, address, words):
    assert words in fetch.failure_of(address)


def drip(connection: socket.socket, path: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(200):
        connection.sendall(b"X-A: b\r\n")
        time.sleep(0.02)


def silent(connection: socket.socket, path: str) -> None:
    time.sleep(4)


def without_end(connection: socket.socket, path: str) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


@pytest.mark.parametrize("answer", [drip, silent])
def test_the_whole_time_is_limited(site, names, monkeypatch, answer):
    monkeypatch.setattr(fetch, "TOTAL_SECONDS", 0.4)
    other = site(answer)
    began = time.monotonic()
    assert "has not answered within" in fetch.failure_of(f"http://other.example:{other.port}/")
    assert time.monotonic() - began < 3.5


def test_the_size_is_limited(site, names):
    assert fetch.failure_of(f"http://other.example:{site(without_end).port}/") == ""
    long_line = site(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n")
    assert "does not answer" in fetch.failure_of(f"http://other.example:{long_line.port}/")


def test_a_certificate_that_nobody_vouches_for(site, names, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "other.example")])
    now = timezone.now()
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    certificate = made.add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
    ).sign(key, hashes.SHA256())
    both = tmp_path / "both.pem"
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both.write_bytes(key.private_bytes(*plain) + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    other = site(OK, context)
    assert "certificate" in fetch.failure_of(f"https://other.example:{other.port}/")


# --- What is asked for when --------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch, settings) -> dict[str, str]:
    """The failures of addresses; what was asked for is in `asked["order"]`."""
    failures: dict[str, str] = {}
    order: list[str] = []
    settings.CHECK_EXTERNAL_LINKS = True
    monkeypatch.setattr(check, "PAUSE", 0.0)
    monkeypatch.setattr(check, "failure_of", lambda address: order.append(address) or failures.get(address, ""))
    failures["order"] = order  # ty: ignore
    return failures


def page_to(*addresses: str, **fields):
    body = "".join(f'<p><a href="{address}">{address}</a></p>' for address in addresses)
    page = make.StandardPageFactory(body=[("text", body)], **fields)
    audit(page)
    return page


def test_broken_is_what_fails_on_two_days_in_a_row(tree, asked):
    page_to("https://example.org/")
    asked["https://example.org/"] = "The other site has a fault (503)."
    link, address = PageLink.objects.filter(page__live=True), ExternalAddress.objects
    with time_machine.travel("2026-03-01T09:00:00Z", tick=False) as clock:
        ExternalAddress.objects.update(due_at=timezone.now())
        assert check.check_due() == 1
        assert check.check_due() == 0
        assert link.get().fault == ""
        # Again on the same day: not a second failure.
        check.record(address.get(), "Again.")
        assert not address.get().is_broken
        clock.shift(datetime.timedelta(days=1, hours=7))
        assert check.check_due() == 1
        assert link.get().fault == PageLink.Fault.ELSEWHERE
        assert link.get().reason == "The other site has a fault (503)."
        clock.shift(datetime.timedelta(days=6))
        assert check.check_due() == 0
        clock.shift(datetime.timedelta(days=1, hours=7))
        asked["https://example.org/"] = ""
        assert check.check_due() == 1
    assert link.get().fault == ""
    assert address.get().failed_on is None


def test_a_good_answer_in_between_begins_anew(tree, asked):
    page_to("https://example.org/")
    with time_machine.travel("2026-03-01T09:00:00Z", tick=False) as clock:
        for failure in ("Broken.", "", "Broken."):
            check.record(ExternalAddress.objects.get(), failure)
            clock.shift(datetime.timedelta(days=1))
    assert not ExternalAddress.objects.get().is_broken


def test_hosts_are_asked_in_turns(tree, asked):
    page_to(*(f"https://{host}.example/{n}" for host in ("a", "b", "c") for n in range(2)))
    check.check_due()
    hosts = [address.split("/")[2][0] for address in asked["order"]]
    assert sorted(hosts[:3]) == sorted(hosts[3:]) == ["a", "b", "c"]


def test_the_same_host_is_given_a_pause(tree, asked, monkeypatch):
    page_to("https://a.example/1", "https://a.example/2", "https://b.example/")
    waits: list[float] = []
    monkeypatch.setattr(check, "PAUSE", 5.0)
    monkeypatch.setattr(check.stopping, "wait", lambda seconds: waits.append(round(seconds)))
    assert check.check_due() == 3
    assert waits == [0, 0, 5]


def test_no_more_is_asked_for_than_a_day_allows(tree, asked, settings):
    settings.EXTERNAL_LINKS_A_DAY = 3
    page_to(*(f"https://example.org/{n}" for n in range(5)))
    assert check.check_due() == 3
    assert check.check_due() == 0
    ExternalAddress.objects.update(checked_at=timezone.now() - datetime.timedelta(days=1, seconds=1))
    assert check.check_due() == 2


def test_nothing_is_asked_when_the_site_wants_no_calls(tree, asked, settings):
    page_to("https://example.org/")
    settings.CHECK_EXTERNAL_LINKS = False
    assert check.check_due() == 0
    assert asked["order"] == []


def test_drafts_are_not_asked_about_and_what_no_page_links_to_is_forgotten(tree, asked):
    draft, page = page_to("https://draft.example/", live=False), page_to("https://example.org/")
    assert check.check_due() == 1
    draft.delete()
    assert check.forget_unused() == 1
    page.body = []
    page.save()
    audit(page)
    assert check.forget_unused() == 1
    assert not ExternalAddress.objects.exists()


def test_a_new_link_to_an_address_that_is_broken_is_broken(tree, asked):
    page_to("https://example.org/")
    ExternalAddress.objects.update(is_broken=True, outcome="Gone.")
    other = page_to("https://example.org/")
    assert PageLink.objects.get(page=other).reason == "Gone."


def test_a_worker_that_stops_leaves_the_rest(tree, asked, monkeypatch):
    page_to("https://a.example/", "https://b.example/")
    monkeypatch.setattr(check.stopping, "wait", lambda seconds: True)
    assert check.check_due() == 0
