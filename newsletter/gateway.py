"""The one place that talks to Mailchimp: a thin layer over mailchimp-marketing 3.0.80.

Contacts are named in URLs by the MD5 of their address, as Mailchimp asks, never by the address itself.
Every failure leaves here as one of the four classes of `newsletter.errors`.
"""

import hashlib
import re
from contextlib import AbstractContextManager
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.cache import cache
from mailchimp_marketing.api.lists_api import ListsApi
from mailchimp_marketing.api.ping_api import PingApi

from newsletter.answers import (
    Audience,
    Contact,
    ManyResult,
    call,
    call_empty,
    contact_from,
    contact_hash,
    many_from,
    unreadable,
    web_address,
)
from newsletter.errors import OperatorMustAct, Retryable
from newsletter.transport import TOTAL_SECONDS, BoundedClient

# Source: "Fundamentals" of Mailchimp's documentation: 32 hexadecimal digits, a dash, the data centre.
KEY_FORM = re.compile(r"[0-9a-f]{32}-(?P<data_centre>[a-z]{2,5}\d{1,3})")
AUDIENCE_FORM = re.compile(r"[0-9A-Za-z]{4,32}")
# How long the audience's settings are believed without asking again.
AUDIENCE_SECONDS = 300
# The answer to 500 contacts at once holds each of them in full, some 2 KB to 4 KB apiece.
MANY_MAX_BYTES = 4_000_000
HTTP_NOT_FOUND = 404


class Gateway:
    """Calls to one audience of one Mailchimp account.

    Args:
        api_key: `<32 hex>-<data centre>`.
        audience_id: as shown in Mailchimp under Audience, Settings.
        base_url: another address of the API, such as a stand-in on loopback; default: from the key.
        total_seconds: time limit of a call.

    Raises:
        OperatorMustAct: the key or the audience id cannot be right.
    """

    def __init__(
        self, api_key: str, audience_id: str, base_url: str = "", total_seconds: float = TOTAL_SECONDS
    ) -> None:
        self.audience_id = audience_id
        self.host = _host(api_key, base_url)
        if not AUDIENCE_FORM.fullmatch(audience_id):
            raise OperatorMustAct("MAILCHIMP_AUDIENCE_ID is missing or mistyped: letters and digits, like a1b2c3d4e5.")
        self._client = BoundedClient(self.host, api_key, total_seconds)
        self.lists = ListsApi(self._client)
        self._ping = PingApi(self._client)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Limit all the calls made in a `with` block to so many seconds together."""
        return self._client.within(seconds)

    def ping(self) -> None:
        """Ask whether the service and the key work at all.

        Raises:
            GatewayError: they do not.
        """
        call(self._ping.get)

    def audience(self, fresh: bool = False) -> Audience:
        """Read the audience's settings, from memory when asked in the last minutes.

        Args:
            fresh: ask Mailchimp in any case.

        Raises:
            GatewayError: as for every call.
        """
        key = self.memory_key("audience")
        kept = None if fresh else cache.get(key)
        if kept:
            return Audience(**kept)
        answer = call(self.lists.get_list, self.audience_id)
        if "double_optin" not in answer:
            raise unreadable()
        defaults = answer.get("campaign_defaults")
        sender = defaults if isinstance(defaults, dict) else {}
        audience = Audience(
            name=str(answer.get("name", "")),
            double_opt_in=bool(answer["double_optin"]),
            form_url=web_address(answer.get("subscribe_url_long")),
            from_name=str(sender.get("from_name") or ""),
            from_email=str(sender.get("from_email") or ""),
        )
        cache.set(key, asdict(audience), AUDIENCE_SECONDS)
        return audience

    def merge_tags(self, fresh: bool = False) -> set[str]:
        """Names of the audience's fields, such as FNAME, from memory when asked in the last minutes.

        Args:
            fresh: ask Mailchimp in any case.

        Raises:
            GatewayError: as for every call.
        """
        key = self.memory_key("merge tags")
        kept = None if fresh else cache.get(key)
        if kept is not None:
            return set(kept)
        answer = call(self.lists.get_list_merge_fields, self.audience_id, count=1000)
        fields = answer.get("merge_fields")
        if not isinstance(fields, list):
            raise unreadable()
        tags = {str(field.get("tag")) for field in fields if isinstance(field, dict)}
        cache.set(key, sorted(tags), AUDIENCE_SECONDS)
        return tags

    def get_contact(self, email_hash: str) -> Contact | None:
        """Read a contact; None when Mailchimp does not have it (or does not have the audience).

        Raises:
            GatewayError: as for every call.
        """
        try:
            answer = call(self.lists.get_list_member, self.audience_id, email_hash)
        except OperatorMustAct as error:
            if error.status == HTTP_NOT_FOUND:
                return None
            raise
        return contact_from(answer, email_hash)

    def upsert(self, email: str, body: dict[str, Any]) -> Contact:
        """Add or change a contact (PUT, safe to repeat) and return what it is now.

        Args:
            email: the address as typed.
            body: the other fields of Mailchimp's "Add or update list member".

        Raises:
            GatewayError: as for every call.
        """
        email_hash = contact_hash(email)
        answer = call(
            self.lists.set_list_member,
            self.audience_id,
            email_hash,
            {"email_address": email, **body},
            # A field that somebody marks as required in Mailchimp must not break the sign-up.
            skip_merge_validation="true",
        )
        return contact_from(answer, email_hash)

    def set_tags(self, email_hash: str, tags: dict[str, bool]) -> None:
        """Give a contact tags (True) or take them away (False); those not named stay as they are.

        Raises:
            GatewayError: as for every call; `Retryable` when the contact has gone meanwhile.
        """
        named = [{"name": name, "status": "active" if on else "inactive"} for name, on in tags.items()]
        try:
            call_empty(self.lists.update_list_member_tags, self.audience_id, email_hash, {"tags": named})
        except OperatorMustAct as error:
            self._must_be_the_contact(error)
            raise Retryable("The contact has just been removed at Mailchimp.", status=HTTP_NOT_FOUND) from None

    def unsubscribe(self, email_hash: str) -> Contact | None:
        """Take a contact off the list (safe to repeat); None when Mailchimp does not have it.

        Raises:
            GatewayError: as for every call.
        """
        try:
            answer = call(self.lists.update_list_member, self.audience_id, email_hash, {"status": "unsubscribed"})
        except OperatorMustAct as error:
            self._must_be_the_contact(error)
            return None
        return contact_from(answer, email_hash)

    def erase(self, email_hash: str) -> bool:
        """Delete a contact for good (safe to repeat). Returns False when Mailchimp did not have it.

        Raises:
            GatewayError: as for every call.
        """
        try:
            call_empty(self.lists.delete_list_member_permanent, self.audience_id, email_hash)
        except OperatorMustAct as error:
            self._must_be_the_contact(error)
            return False
        return True

    def subscribe_many(self, members: list[dict[str, Any]]) -> ManyResult:
        """Add up to 500 new contacts in one call; one that is there already is left as it is.

        Args:
            members: bodies as for `upsert`, with `email_address` and `status`; each address once.

        Raises:
            GatewayError: as for every call; then it is not known which were added.
        """
        body = {"members": members, "update_existing": False}
        with self._client.long_answers(MANY_MAX_BYTES):
            answer = call(self.lists.batch_list_members, self.audience_id, body, skip_merge_validation="true")
        return many_from(answer)

    def _must_be_the_contact(self, error: OperatorMustAct) -> None:
        """A missing audience answers like a missing contact. Raises when it is the audience, or another error."""
        if error.status != HTTP_NOT_FOUND:
            raise error
        self.audience(fresh=True)

    def memory_key(self, what: str) -> str:
        """The name under which something about this audience is kept in memory."""
        return f"newsletter:{hashlib.sha256(f'{what} {self.host} {self.audience_id}'.encode()).hexdigest()}"


def gateway_from_settings() -> Gateway | None:
    """The gateway that the environment describes; None when there is no API key.

    Raises:
        OperatorMustAct: the settings cannot be right.
    """
    if not settings.MAILCHIMP_API_KEY:
        return None
    return Gateway(settings.MAILCHIMP_API_KEY, settings.MAILCHIMP_AUDIENCE_ID, settings.MAILCHIMP_BASE_URL)


def _host(api_key: str, base_url: str) -> str:
    """Address of the API; without a right suffix the library would call a host that does not exist."""
    form = KEY_FORM.fullmatch(api_key)
    if form is None:
        raise OperatorMustAct("MAILCHIMP_API_KEY does not look like a key: 32 hexadecimal digits, a dash, like us21.")
    if base_url:
        return base_url.rstrip("/").removesuffix("/3.0") + "/3.0"
    return f"https://{form['data_centre']}.api.mailchimp.com/3.0"
