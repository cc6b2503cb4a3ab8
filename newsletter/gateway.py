"""The one place that talks to Mailchimp: a thin layer over mailchimp-marketing 3.0.80.

Contacts are named in URLs by the MD5 of their address, as Mailchimp asks, never by the address itself.
Every failure leaves here as one of the four classes of `newsletter.errors`.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache
from django.utils.dateparse import parse_datetime
from mailchimp_marketing.api.lists_api import ListsApi
from mailchimp_marketing.api.ping_api import PingApi
from mailchimp_marketing.api_client import ApiClientError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from newsletter.addresses import normalise
from newsletter.errors import Bug, GatewayError, OperatorMustAct, Retryable, from_answer
from newsletter.transport import TOTAL_SECONDS, AnswerTooLarge, BoundedClient

# Source: "Fundamentals" of Mailchimp's documentation: 32 hexadecimal digits, a dash, the data centre.
KEY_FORM = re.compile(r"[0-9a-f]{32}-(?P<data_centre>[a-z]{2,5}\d{1,3})")
AUDIENCE_FORM = re.compile(r"[0-9A-Za-z]{4,32}")
# How long the audience's settings are believed without asking again.
AUDIENCE_SECONDS = 300


@dataclass(frozen=True)
class Contact:
    """What Mailchimp says about one address.

    Attributes:
        status: subscribed, pending, unsubscribed, cleaned, archived or transactional.
        mailchimp_id: Mailchimp's account-wide name for the address (`unique_email_id`, 10 hexadecimal digits).
        changed_at: when the contact last changed there, or None when it does not say.
        merge_fields: FNAME, LNAME and the audience's other fields.
    """

    status: str
    mailchimp_id: str
    changed_at: datetime | None
    merge_fields: dict[str, Any]


@dataclass(frozen=True)
class Audience:
    """The settings of the mailing list at Mailchimp.

    Attributes:
        double_opt_in: whether newcomers are asked to confirm.
        form_url: Mailchimp's own sign-up form, for people whom only that form may add.
    """

    name: str
    double_opt_in: bool
    form_url: str


def contact_hash(email: str) -> str:
    """Mailchimp's name of a contact in a URL: MD5 of the trimmed, lower-case address."""
    return hashlib.md5(normalise(email).encode(), usedforsecurity=False).hexdigest()


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
        client = BoundedClient(self.host, api_key, total_seconds)
        self.lists = ListsApi(client)
        self._ping = PingApi(client)

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
        key = f"newsletter:audience:{hashlib.sha256(f'{self.host} {self.audience_id}'.encode()).hexdigest()}"
        kept = None if fresh else cache.get(key)
        if kept:
            return Audience(**kept)
        answer = call(self.lists.get_list, self.audience_id)
        if "double_optin" not in answer:
            raise unreadable()
        audience = Audience(
            name=str(answer.get("name", "")),
            double_opt_in=bool(answer["double_optin"]),
            form_url=_web_address(answer.get("subscribe_url_long")),
        )
        cache.set(key, asdict(audience), AUDIENCE_SECONDS)
        return audience

    def merge_tags(self) -> set[str]:
        """Names of the audience's fields, such as FNAME.

        Raises:
            GatewayError: as for every call.
        """
        answer = call(self.lists.get_list_merge_fields, self.audience_id, count=1000)
        fields = answer.get("merge_fields")
        if not isinstance(fields, list):
            raise unreadable()
        return {str(field.get("tag")) for field in fields if isinstance(field, dict)}

    def get_contact(self, email_hash: str) -> Contact | None:
        """Read a contact; None when Mailchimp does not have it (or does not have the audience).

        Raises:
            GatewayError: as for every call.
        """
        try:
            answer = call(self.lists.get_list_member, self.audience_id, email_hash)
        except OperatorMustAct as error:
            if error.status == 404:
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


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Call the library and accept nothing but a JSON object.

    Raises:
        GatewayError: anything else.
    """
    try:
        answer = function(*args, **kwargs)
    except ApiClientError as error:
        # `from None`: the library's exception carries Mailchimp's text, which begins with the address.
        if error.status_code is not None:
            raise from_answer(error.status_code, error.text) from None
        raise _no_answer(error.text) from None
    if isinstance(answer, dict):
        return answer
    if isinstance(answer, requests.Response) and not answer.ok:  # the library raises nothing for an empty body
        raise from_answer(answer.status_code, None)
    raise unreadable()


def _no_answer(cause: Any) -> GatewayError:
    """Classify the exceptions that the library wraps."""
    if isinstance(cause, AnswerTooLarge):
        return Retryable("Mailchimp's answer was far too long.")
    if isinstance(cause, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return OperatorMustAct("MAILCHIMP_BASE_URL is not an address that can be called.")
    if isinstance(cause, requests.exceptions.MissingSchema):
        return OperatorMustAct("MAILCHIMP_BASE_URL must begin with https:// (or http:// for a stand-in).")
    if isinstance(cause, requests.ConnectionError) and _was_not_sent(cause):
        return Retryable("Mailchimp cannot be reached.", nothing_sent=True)
    if isinstance(cause, requests.RequestException):
        return Retryable("Mailchimp did not answer in time, or the connection broke.")
    return Bug(f"The call could not be made ({type(cause).__name__}).")


def _was_not_sent(cause: requests.ConnectionError) -> bool:
    reason = getattr(cause.args[0] if cause.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def contact_from(answer: dict[str, Any], email_hash: str) -> Contact:
    """Read a contact out of an answer, which must be about the one that was asked for."""
    if answer.get("id") != email_hash or not isinstance(answer.get("status"), str):
        raise unreadable()
    fields = answer.get("merge_fields")
    return Contact(
        status=answer["status"],
        mailchimp_id=str(answer.get("unique_email_id") or "")[:32],
        changed_at=_moment(answer.get("last_changed")),
        merge_fields=fields if isinstance(fields, dict) else {},
    )


def unreadable() -> Retryable:
    return Retryable("Mailchimp's answer made no sense.", status=200)


def _moment(value: Any) -> datetime | None:
    try:
        moment = parse_datetime(str(value or ""))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _web_address(value: Any) -> str:
    text = str(value or "")
    return text if text.startswith(("https://", "http://")) and len(text) <= 300 else ""
