"""Two web machines, each with a disk of its own, and one bucket for uploaded files on a real S3 server."""

import io
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from PIL import Image

from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import POSTGRES, new_database
from tests.reliability.editing import Editor
from tests.reliability.processes import OF_DATABASE, Site, free_port, until
from tests.s3_server import SECRET, S3Server

# Whatever the database: once is enough.
pytestmark = [*OF_DATABASE, pytest.mark.skipif(bool(POSTGRES), reason="runs with SQLite")]

# A page while the store is away; and the first request for a file, which waits twice for a store that hangs.
SLOWEST_PAGE, SLOWEST_FILE = 4.0, 15.0
# A store that is back is tried within ten seconds.
USED_AGAIN = 15.0
RED, BLUE = (255, 0, 0), (0, 0, 255)


class Machine:
    """A web machine, asked by whoever has the session's cookies."""

    def __init__(self, site: Site, port: int) -> None:
        self.base, self.host = f"http://127.0.0.1:{port}", f"127.0.0.1:{site.port}"

    def ask(self, address: str, session: requests.Session | None = None, **form: object) -> requests.Response:
        """Ask for an address, or send a form there with what it needs against forgery."""
        session = session or requests.Session()
        url, headers = self.base + address, {"Host": self.host}
        answer = session.get(url, headers=headers, timeout=30, allow_redirects=False)
        if not form:
            return answer
        files = {name: value for name, value in form.items() if isinstance(value, tuple)}
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)
        assert token, f"no form at {address}"
        fields = {name: value for name, value in form.items() if name not in files}
        return session.post(
            url,
            data=fields | {"csrfmiddlewaretoken": token[1]},
            files=files or None,
            headers=headers,
            timeout=30,
            allow_redirects=False,
        )


class Machines:
    """Two of them with an editor who is signed in, and one who works by code."""

    def __init__(self, site: Site, server: S3Server, other: Path) -> None:
        self.site, self.server = site, server
        site.manage("load_content")
        password = re.search(r"password: (\S+)", site.manage("create_editor"))
        assert password
        self.editor = Editor(site.environment)
        self.one, self.two = Machine(site, site.port), Machine(site, free_port())
        site.start_web()
        site.environment = site.environment | {"DATA_DIR": str(other)}
        site.start_web(port=urlsplit(self.two.base).port or 0)
        self.session = requests.Session()
        form = {"username": "editor", "password": password[1], "next": "/admin/"}
        assert self.one.ask("/admin/login/", self.session, **form).status_code == 302

    def upload(self, kind: str, title: str, name: str, data: bytes) -> requests.Response:
        return self.one.ask(f"/admin/{kind}/add/", self.session, title=title, collection="1", file=(name, data))

    @property
    def printed(self) -> str:
        return "".join(running.printed for running in self.site._started)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    started = S3Server(tmp_path_factory.mktemp("s3") / "buckets").start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def machines(
    new_site: Callable[..., Site], server: S3Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machines]:
    with Sandbox(double_optin=True) as mailchimp:
        site = new_site(
            mailchimp, MEDIA_STORAGE_URL=server.url, WEB_CONCURRENCY="1", LOG_LEVEL="DEBUG", PAGE_CACHE_MEGABYTES="0"
        )
        both = Machines(site, server, tmp_path_factory.mktemp("other"))
        yield both
        both.editor.leave()
        site.end_all()


def shared_picture(machine: Machine) -> str:
    """The address of the picture for those who share a page, as the page says."""
    found = re.search(r'property="og:image"\s+content="http://[^/]+(/media/[^"]+)"', machine.ask("/about/").text)
    return found[1] if found else ""


def colour_of(machine: Machine, address: str) -> tuple[int, int, int]:
    answer = machine.ask(address)
    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    red, green, blue = Image.open(io.BytesIO(answer.content)).convert("RGB").getpixel((5, 5))
    return tuple(round(value / 51) * 51 for value in (red, green, blue))


def test_a_picture_is_right_on_both_machines_also_after_another_took_its_place(machines: Machines) -> None:
    addresses = []
    for name, colour in (("red", RED), ("blue", BLUE)):
        machines.editor.does("swap_picture", "about", name)
        for machine in (machines.one, machines.two):
            until(lambda machine=machine, name=name: f"-{name}." in shared_picture(machine), 60, f"{name} there")
            assert colour_of(machine, shared_picture(machine)) == colour
        addresses.append(shared_picture(machines.one))
    assert machines.two.ask(addresses[0]).status_code == 404
    stored = machines.server.names()
    assert [name for name in stored if name.startswith("original_images/") and name.endswith("-blue.png")]
    assert not list((machines.site.folder / "media").rglob("*.*"))


def test_what_an_editor_uploads_on_one_is_seen_on_the_other(machines: Machines) -> None:
    picture = machines.upload("images", "A field", "field.png", png())
    assert picture.status_code == 302, picture.text[-2000:]
    [name] = [name for name in machines.server.names() if name.endswith("-field.png")]
    assert machines.two.ask(f"/media/{name}").content == png()
    assert "A field" in machines.two.ask("/admin/images/", machines.session).text
    card = re.search(r'property="og:image"\s+content="http://[^/]+(/cards/[^"]+)"', machines.one.ask("/").text)
    assert card and machines.one.ask(card[1]).content == machines.two.ask(card[1]).content
    assert len([name for name in machines.server.names() if name.startswith("cards/")]) == 1


def test_a_private_document_is_private_everywhere(machines: Machines) -> None:
    assert machines.upload("documents", "The plan", "plan.pdf", b"%PDF-1.7 the plan").status_code == 302
    pk = machines.site.database.value("SELECT max(id) FROM core_sitedocument")
    address = f"/documents/{pk}/plan.pdf"
    assert machines.two.ask(address).content == b"%PDF-1.7 the plan"
    machines.editor.does("keep_private", "The plan")
    for machine in (machines.one, machines.two):
        assert machine.ask(address).status_code == 302
        assert machine.ask(address, machines.session).content == b"%PDF-1.7 the plan"
    [name] = [name for name in machines.server.names() if name.endswith("/plan.pdf")]
    assert machines.two.ask(f"/media/{name}", machines.session).status_code == 404
    assert machines.server.status_for_strangers(name) >= 400
    assert machines.server.status_for_strangers() >= 400


def test_a_store_that_hangs_costs_no_page(machines: Machines) -> None:
    """One that refuses connections is tried in core/test_media_store.py."""
    server = machines.server
    assert machines.upload("images", "A meadow", "meadow.png", png()).status_code == 302
    [name] = [name for name in server.names() if name.endswith("-meadow.png")]
    before = server.names()
    server.freeze()
    try:
        waits = {}
        for address in ("/", "/about/", "/search/?q=leadership", "/art-of-change-making/", "/case-stories/"):
            for machine in (machines.one, machines.two):
                began = time.monotonic()
                assert machine.ask(address).status_code == 200
                waits[machine, address] = time.monotonic() - began
        began = time.monotonic()
        refused = machines.upload("images", "What I typed", "later.png", png())
        waited = time.monotonic() - began
        assert refused.status_code == 200
        assert "The file could not be kept" in refused.text and "What I typed" in refused.text
        assert machines.one.ask(f"/media/{name}").status_code == 503
    finally:
        server.thaw()
    print(f"upload refused after {waited:.1f} s, slowest page {max(waits.values()):.2f} s")
    assert waited < SLOWEST_FILE and max(waits.values()) < SLOWEST_PAGE
    until(lambda: machines.one.ask(f"/media/{name}").status_code == 200, USED_AGAIN, "the use of the store")
    assert server.names() == before
    assert "does not answer" in machines.printed and "answers again" in machines.printed


def test_a_backup_holds_the_bucket_and_fills_another(
    machines: Machines, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    machines.site.manage("backup", "--to", str(tmp_path / "backups"))
    [backup] = (tmp_path / "backups").glob("backup-*.tar")
    other = S3Server(tmp_path_factory.mktemp("other-s3") / "buckets").start()
    try:
        database = new_database(f"restored_{free_port()}", tmp_path)
        elsewhere = Site(database, tmp_path, machines.site.mailchimp, MEDIA_STORAGE_URL=other.url)
        (other.bucket / "images").mkdir()
        (other.bucket / "images" / "of another time.png").write_bytes(b"x")
        elsewhere.manage("restore", "--replace", str(backup))
        assert other.names() == machines.server.names()
        for name in other.names():
            assert (other.bucket / name).read_bytes() == (machines.server.bucket / name).read_bytes()
    finally:
        other.stop()


def test_nothing_secret_was_printed(machines: Machines) -> None:
    """At the level DEBUG, after all of the above."""
    assert machines.printed.count('"level": "debug"') > 0
    assert SECRET not in machines.printed and "AWS4-HMAC" not in machines.printed
    assert "Traceback" not in machines.printed


def png() -> bytes:
    from tests.factories import picture

    return picture(300, 200)
