"""The mail server is away when the operator has to be told: the alert waits, and is sent once when it is back."""

import socketserver
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import LONG_AGO, POSTGRES
from tests.reliability.processes import OF_DATABASE, Site, free_port, until

# Whatever the database: once is enough.
pytestmark = [*OF_DATABASE, pytest.mark.skipif(bool(POSTGRES), reason="runs with SQLite")]

OPERATOR = "operator@example.org"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mail by SMTP (RFC 5321), as much of it as a sender needs."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int) -> None:
        self.taken: list[str] = []
        super().__init__(("127.0.0.1", port), _Conversation)


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 test")
        while line := self.rfile.readline():
            command = line.decode().strip().upper()
            if command == "DATA":
                self._say("354 go on")
                self.server.taken.append(self._message())
            self._say("221 bye" if command == "QUIT" else "250 ok")
            if command == "QUIT":
                return

    def _message(self) -> str:
        lines: list[str] = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def smtp_port() -> int:
    return free_port()


@pytest.fixture
def site(new_site: Callable[..., Site], mailchimp: Sandbox, smtp_port: int) -> Iterator[Site]:
    made = new_site(mailchimp, EMAIL_URL=f"smtp://127.0.0.1:{smtp_port}", NEWSLETTER_ALERT_EMAIL=OPERATOR)
    yield made
    made.end_all()


def is_alert_due(site: Site) -> bool:
    return bool(site.database.value("SELECT alert_due FROM newsletter_queuestate"))


def let_it_try_again(site: Site) -> None:
    """The job that sends alerts runs once a minute: bring its next time forward."""
    site.database.rows("UPDATE core_lease SET expires_at = ? WHERE name = 'job/newsletter/alert'", LONG_AGO)


def until_tried_again(site: Site, condition: Callable[[], bool], what: str) -> None:
    """Let the job try until something is true. Again and again: one that is ending sets its next time itself."""

    def holds() -> bool:
        let_it_try_again(site)
        return condition()

    until(holds, 60, what, pause=1)


def test_an_alert_waits_for_the_mail_server_and_is_sent_once(site: Site, smtp_port: int) -> None:
    key, site.mailchimp.api_key = site.mailchimp.api_key, "revoked"
    site.start_web()
    assert site.sign_up("ada@example.org").status == 303
    worker = site.start_worker()
    until(lambda: is_alert_due(site), 40, "the pause")
    until_tried_again(site, lambda: "The alert could not be sent" in worker.printed, "the try to send it")
    assert worker.is_running and is_alert_due(site)
    assert site.sign_up("grace@example.org").status == 303

    with MailServer(smtp_port) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        until_tried_again(site, lambda: not is_alert_due(site), "the alert")
        let_it_try_again(site)  # it has nothing more to say
        site.mailchimp.api_key = key
        site.database.rows("UPDATE newsletter_queuestate SET probe_at = ?", LONG_AGO)
        until(lambda: site.open_entries() == 0, 40, "the delivery")
        server.shutdown()
    assert len(server.taken) == 1
    assert f"To: {OPERATOR}" in server.taken[0] and "@example.org" not in server.taken[0].replace(OPERATOR, "")
    assert site.subscribers() == {"ada@example.org", "grace@example.org"}
