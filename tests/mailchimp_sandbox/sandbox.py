"""The stand-in for tests: a context manager around the service and its server."""

import threading
from typing import Any
from urllib.parse import urlencode

from . import people
from .campaigns import Campaign, Segment
from .contact import Contact, subscriber_hash
from .faults import Fault
from .server import Server, hold_port
from .service import DEFAULT_AUDIENCE, DEFAULT_KEY, Record, Service
from .webhook_events import Delivery, Webhook, event_fields, signature

EVERY_EVENT = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail")


class Sandbox:
    """Mailchimp on a loopback port, in a thread of this process.

        with Sandbox(double_optin=True) as mailchimp:
            client = mailchimp_marketing.Client({"api_key": mailchimp.api_key})
            client.api_client.host = mailchimp.base_url

    `port` 0 takes a free one. `report` is called with every request once it is over. Leaving the `with` block
    raises AssertionError when the stand-in itself failed meanwhile.
    """

    def __init__(
        self,
        *,
        double_optin: bool = True,
        api_key: str = DEFAULT_KEY,
        audience_id: str = DEFAULT_AUDIENCE,
        host: str = "127.0.0.1",
        port: int = 0,
        signing: bool = True,
        report: Any = lambda record: None,
    ) -> None:
        self.service = Service(api_key=api_key, audience_id=audience_id, double_optin=double_optin, signing=signing)
        self.host, self.port = host, port
        self._report = report
        self._server: Server | None = None
        self._port_holder: Any = None

    def __enter__(self) -> "Sandbox":
        self.start()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.close()
        if self.service.errors and error is None:
            raise AssertionError("\n".join(self.service.errors))

    # Life

    def start(self) -> None:
        """Begins, or begins again after `stop`, to answer; on the same port. Raises OSError when it is taken."""
        if self._server:
            return
        if self._port_holder:
            self._port_holder.close()
            self._port_holder = None
        self._server = Server((self.host, self.port), self.service, self._report)
        self.port = self._server.server_address[1]
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.service.site_url = f"http://{host}:{self.port}"
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(0.02,), name="mailchimp sandbox", daemon=True).start()

    def stop(self) -> None:
        """An outage: connections are refused, open ones end. What is known stays."""
        if self._server:
            self._server.stop()
            self._server = None
            self._port_holder = hold_port(self.host, self.port)

    def close(self) -> None:
        """Ends everything for good."""
        self.stop()
        self.service.webhooks.close()
        if self._port_holder:
            self._port_holder.close()
            self._port_holder = None

    def reset(self) -> None:
        """No contacts, webhooks, faults or log any more; settings stay."""
        self.service.reset()

    # Where it is, and its settings

    @property
    def base_url(self) -> str:
        return self.service.base_url

    @property
    def api_key(self) -> str:
        """The one valid key. Setting another revokes it."""
        return self.service.api_key

    @api_key.setter
    def api_key(self, key: str) -> None:
        self.service.api_key = key

    @property
    def audience_id(self) -> str:
        return self.service.audience.id

    @audience_id.setter
    def audience_id(self, list_id: str) -> None:
        self.service.audience.id = self.service.webhooks.list_id = list_id

    @property
    def double_optin(self) -> bool:
        return self.service.audience.double_optin

    @double_optin.setter
    def double_optin(self, value: bool) -> None:
        self.service.audience.double_optin = value

    # Contacts

    @property
    def contacts(self) -> list[dict[str, Any]]:
        """Every contact, archived ones too, as the API shows them."""
        with self.service.audience.lock:
            return [self._document(contact) for contact in self.service.audience.contacts.values()]

    def contact(self, email: str) -> dict[str, Any] | None:
        """The contact as the API shows it, or None."""
        found = self.service.audience.find(email)
        return self._document(found) if found else None

    def _document(self, contact: Contact) -> dict[str, Any]:
        return self.service.audience.document(contact, self.base_url)

    def put_contact(self, email: str, status: str, **fields: Any) -> dict[str, Any] | None:
        """Sets the stage, see `people.put_contact`: no mail, no webhook, nothing checked."""
        contact = people.put_contact(self.service.audience, email, status, **fields)
        return self._document(contact) if contact else None

    def remove_contact(self, email: str) -> None:
        """Gone without a trace, as a pending contact that did not confirm for some 60 days."""
        people.remove(self.service.audience, email)

    def confirm(self, email: str) -> None:
        people.confirm(self.service.audience, email)

    def unsubscribe(self, email: str) -> None:
        people.unsubscribe(self.service.audience, email)

    def complain(self, email: str) -> None:
        people.unsubscribe(self.service.audience, email, reason="abuse")

    def clean(self, email: str) -> None:
        people.clean(self.service.audience, email)

    def archive(self, email: str) -> None:
        people.archive(self.service.audience, email)

    def change_address(self, email: str, new_email: str) -> None:
        people.change_address(self.service.audience, email, new_email)

    def change_profile(self, email: str, **merge_fields: Any) -> None:
        people.change_profile(self.service.audience, email, merge_fields)

    def sign_up(self, email: str) -> None:
        """The hosted form, which takes anybody back."""
        people.sign_up(self.service.audience, email)

    def confirmation_mails(self, email: str) -> int:
        """How many were sent to this address since it was there; 0 when it is not."""
        found = self.service.audience.find(email)
        return found.confirmation_mails if found else 0

    def require_merge_field(self, tag: str, *, required: bool = True) -> None:
        """As an editor would in Mailchimp's pages: marks a merge field as required."""
        for column in self.service.audience.merge_fields:
            if column.tag == tag.upper():
                column.required = required
                return
        raise LookupError(f"no merge field {tag}")

    def ask_permissions(self, texts: dict[str, str]) -> None:
        """Turns the audience's GDPR fields on: marketing permissions by their id."""
        self.service.audience.permission_texts = dict(texts)

    # Campaigns

    @property
    def campaigns(self) -> list[Campaign]:
        """Every campaign as it is now, the oldest first."""
        with self.service.campaigns.lock:
            return self.service.campaigns.all()

    def add_segment(self, name: str, *emails: str) -> int:
        """Saves a segment with these addresses, as an editor would in Mailchimp's pages; gives its number."""
        segments = self.service.campaigns.segments
        number = 900 + len(segments)
        segments[number] = Segment(number, name, list(emails))
        return number

    def tag_id(self, name: str) -> int:
        """The number of a tag in use."""
        return self.service.audience.tag_ids[name.lower()]

    # Requests and faults

    @property
    def requests(self) -> list[Record]:
        """The API requests so far, oldest first."""
        return list(self.service.log)

    def requests_for(self, email: str) -> list[Record]:
        """Those whose path is about this address."""
        return [record for record in self.requests if subscriber_hash(email) in record.path]

    @property
    def peak_concurrency(self) -> int:
        """The most API requests that were there at once, refused ones too."""
        return self.service.peak_concurrency

    @property
    def in_progress(self) -> int:
        return self.service.in_progress

    def fail(self, kind: str, **options: Any) -> Fault:
        """Misbehaves from now on: see `faults.KINDS` and `faults.Fault` for kinds and options.

        `times=3` for three requests, else until `clear_faults`. `hits` of the result counts.
        """
        return self.service.faults.add(Fault(kind, **options))

    def clear_faults(self) -> None:
        self.service.faults.clear()

    # Webhooks

    def register_webhook(
        self, url: str, *, events: Any = EVERY_EVENT, sources: Any = ("user", "admin"), check: bool = False
    ) -> Webhook:
        """Registers a receiver; `check` asks it first, as the API does."""
        body = {"url": url, "events": dict.fromkeys(events, True), "sources": dict.fromkeys(sources, True)}
        return self.service.webhooks.get(self.service.webhooks.create(body, check=check)["id"])

    def wait_for_webhooks(self, timeout: float = 5) -> bool:
        """Waits until every event that is due was sent; False when that takes longer (seconds)."""
        return self.service.webhooks.wait(timeout)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every event sent, or to be sent, to a receiver, oldest first."""
        return list(self.service.webhooks.deliveries)

    @property
    def lose_webhooks(self) -> bool:
        """While True, events are lost: nothing is sent now or later."""
        return self.service.webhooks.losing

    @lose_webhooks.setter
    def lose_webhooks(self, value: bool) -> None:
        self.service.webhooks.losing = value

    def webhook_request(
        self, event: str, email: str, *, secret: str = "", **extra: str
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an event, to post it oneself: replayed, late, forged. Signed if `secret`."""
        contact = self.service.audience.find(email) or Contact(email, "subscribed", 1)
        body = urlencode(event_fields(event, contact, self.audience_id, extra)).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if secret:
            headers["X-Mailchimp-Signature"] = signature(secret, body)
        return body, headers
