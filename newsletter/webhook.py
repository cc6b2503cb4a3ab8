"""The address that Mailchimp sends its messages to: checks who speaks, stores the message raw, answers at once.

What a message says is never believed: `newsletter.inbox` re-reads the contact at Mailchimp. So order, replays and
forgeries matter little here.

Source: Mailchimp, "Sync audience data with webhooks" (form fields, signature, repetition for 75 minutes, 410
switches the webhook off for good).
"""

import hmac
import json
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter.hashes import keyed_hash
from newsletter.models import QueueState, WebhookEvent
from newsletter.sealing import unseal
from newsletter.tasks import wake_inbox
from newsletter.together import Together

log = logging.getLogger(__name__)

# The messages that are about one person. Others are not for us: `campaign`, text messages, batches.
KINDS = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail")
# Bytes of a message: the longest are those with every field of the audience filled, a few thousand.
BODY_LIMIT = 64 * 1024
MOST_FIELDS = 1000
# A signature older than this may be a message that somebody kept to send it again.
SIGNATURE_SECONDS = 300
# Seconds after which to try again when the database could not be written.
RETRY_AFTER = 60
# How long a message rests before it is acted on: what belongs together comes within a second or two, and the worker
# does not write while a crowd of messages is being stored.
REST = timedelta(seconds=2)
# How often at most it is written down that a message came, and the worker woken: its clock looks as often.
NOTE_EVERY = timedelta(seconds=5)


def _store(events: Sequence[WebhookEvent]) -> None:
    """Write messages; one that is there already is the same, sent again."""
    WebhookEvent.objects.bulk_create(events, ignore_conflicts=True)


# After a campaign hundreds come within a second.
_messages = Together(_store)


def path_secret() -> str:
    """The secret part of the address: MAILCHIMP_WEBHOOK_SECRET or, when empty, one made from SECRET_KEY."""
    return _accepted_secrets()[0]


def path() -> str:
    """The path that Mailchimp is to call."""
    return reverse("newsletter:webhook", args=[path_secret()])


def _accepted_secrets() -> list[str]:
    """The newest first; those of earlier secret keys keep working until the webhook is registered anew."""
    if settings.MAILCHIMP_WEBHOOK_SECRET:
        return [settings.MAILCHIMP_WEBHOOK_SECRET]
    return [_derived(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _derived(key: str) -> str:
    digest = salted_hmac("newsletter.webhook", "path", secret=key, algorithm="sha256")  # ty: ignore[unknown-argument]
    return digest.hexdigest()[:40]


@csrf_exempt  # Mailchimp has no token of ours; the secret and the signature stand in for it
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer Mailchimp's check of the address (GET), or take a message (POST)."""
    if sum(constant_time_compare(secret, ours) for ours in _accepted_secrets()) == 0:  # compares with each
        return HttpResponse(status=404)
    if request.method != "POST":
        return HttpResponse("Ready for messages from Mailchimp.", content_type="text/plain")
    try:
        return HttpResponse(status=_take(request))
    except DatabaseError as error:
        log.error("A message from Mailchimp could not be stored", extra={"error": type(error).__name__})
        return HttpResponse(status=503, headers={"Retry-After": str(RETRY_AFTER)})


def _take(request: HttpRequest) -> int:
    """Check and store a message. Returns the status to answer with.

    Raises:
        DatabaseError: it could not be stored.
    """
    body = _body(request)
    if body is None:
        return 413
    fields = ("webhook_signing_secret", "last_webhook_at")
    sealed, last_at = QueueState.objects.filter(pk=QueueState.PK).values_list(*fields).first() or ("", None)
    secret = settings.MAILCHIMP_WEBHOOK_SIGNING_SECRET or unseal(sealed)
    if secret and not is_signed(request.headers.get("X-Mailchimp-Signature", ""), body, secret):
        log.warning("A message was refused: it does not carry Mailchimp's signature")
        return 403
    event = read(body)
    if event is not None:
        _messages.save(event)
        _note(last_at)
    return 200


def _body(request: HttpRequest) -> bytes | None:
    """The raw body; None when it is too long. What breaks off is an empty one: nobody waits for the answer."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT:
            return None
        return request.body
    except (ValueError, UnreadablePostError):
        return b""


def is_signed(header: str, body: bytes, secret: str, now: float | None = None) -> bool:
    """Whether Mailchimp signed these bytes in the last five minutes.

    Args:
        header: `t=<seconds since 1970>,v1=<hexadecimal HMAC-SHA256 of "<t>." and the body>`.
        now: seconds since 1970; default: the present.
    """
    parts = dict(part.strip().partition("=")[::2] for part in header.split(","))
    moment = parts.get("t", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 16):
        return False
    wanted = hmac.new(secret.encode(), f"{moment}.".encode() + body, "sha256").hexdigest()
    is_fresh = abs((time.time() if now is None else now) - int(moment)) <= SIGNATURE_SECONDS
    return constant_time_compare(parts.get("v1", ""), wanted) and is_fresh


def read(body: bytes) -> WebhookEvent | None:
    """The message ready to store; None for what is not about a person on our list, which is logged."""
    fields = _fields(body)
    kind = fields.get("type", "")
    if kind not in KINDS:
        log.info("A message was left aside: not of a kind that concerns a person")
        return None
    if fields.get("data[list_id]") != settings.MAILCHIMP_AUDIENCE_ID:
        log.warning("A message was left aside: it is about another audience", extra={"kind": kind})
        return None
    if not addresses_in(fields):
        log.warning("A message was left aside: it names no address", extra={"kind": kind})
        return None
    person = fields.get("data[id]") or " ".join(addresses_in(fields))
    fired_at = fields.get("fired_at") or f"{timezone.now():%Y-%m-%d %H:%M:%S}"
    return WebhookEvent(
        fingerprint=keyed_hash("newsletter.webhook", f"{kind} {person} {fired_at}"),
        kind=kind,
        body=json.dumps(fields, ensure_ascii=False),
        due_at=timezone.now() + REST,
    )


def _fields(body: bytes) -> dict[str, str]:
    """The form fields; none when it is no form. PostgreSQL stores no NUL."""
    try:
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name.replace("\0", ""): value.replace("\0", "") for name, value in pairs}


def addresses_in(fields: dict[str, str]) -> list[str]:
    """The addresses that a message is about: for a changed one the old and the new."""
    if fields.get("type") == "upemail":
        found = [fields.get("data[old_email]", ""), fields.get("data[new_email]", "")]
    else:
        found = [fields.get("data[email]") or fields.get("data[merges][EMAIL]", "")]
    return [address.strip() for address in found if address.strip()]


def _note(last_at: datetime | None) -> None:
    """Write down that a message came and wake the worker, both seldom: the row is read by every request.

    The message is safe by now, so a failure here only means that the worker's clock finds it.
    """
    now = timezone.now()
    if last_at and now - last_at < NOTE_EVERY:
        return
    try:
        QueueState.objects.get_or_create(pk=QueueState.PK)
        before = Q(last_webhook_at__isnull=True) | Q(last_webhook_at__lt=now - NOTE_EVERY)
        if QueueState.objects.filter(before).update(last_webhook_at=now):
            wake_inbox(now + REST)
    except DatabaseError as error:
        log.warning("The worker could not be woken", extra={"error": type(error).__name__})
