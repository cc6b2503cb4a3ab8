"""Connecting the site with an audience: what has to be right at Mailchimp, and the webhook.

`test_connection` only looks; `connect` also mends what it can. Both say in plain words what they found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from django.conf import settings

from core.networks import is_on_this_machine
from newsletter import queue, reconcile, remote, webhook
from newsletter.errors import GatewayError, OperatorMustAct
from newsletter.gateway import Gateway, gateway_from_settings
from newsletter.models import QueueState
from newsletter.sealing import seal, unseal

Level = Literal["good", "note", "bad"]

NAME_TAGS = ("FNAME", "LNAME")
PREFERENCES_TAG, PREFERENCES_NAME = "PREFS", "Preference page"
MAY_MANAGE = ("owner", "admin", "manager")
# Every flag is said: what Mailchimp assumes of those left out is not documented. What we write by the API must not
# come back to us, and `campaign` is about no person.
EVENTS = {"subscribe": True, "unsubscribe": True, "profile": True, "cleaned": True, "upemail": True, "campaign": False}
SOURCES = {"user": True, "admin": True, "api": False}
PATH_SECRET_FORM = re.compile(r"[A-Za-z0-9_-]{20,200}")

NOT_SET = "MAILCHIMP_API_KEY is not set. Sign-ups are kept and wait. See docs/integrations/mailchimp.md."
RUN_CONNECT = "Run `manage.py newsletter_connect`."


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        level: `good`, `note` (sign-ups flow all the same) or `bad` (they do not, or something is broken).
        text: what was found and, unless it is good, what to do; no personal data.
    """

    level: Level
    text: str


def test_connection() -> list[Finding]:
    """Try the key, the account, the audience, its fields and the webhook. Changes nothing at Mailchimp.

    Makes up to seven calls, so never on a public page.
    """
    return list(_findings(_looks))


def connect() -> Iterator[Finding]:
    """Check everything, and make or mend the field for the preference page and the webhook. Safe to repeat.

    Afterwards the worker compares the whole audience.
    """
    return _findings(_steps)


def disconnect() -> Iterator[Finding]:
    """Remove our webhook."""
    return _findings(_remove)


def _findings(steps: Any) -> Iterator[Finding]:
    """Run steps that need Mailchimp, until one fails."""
    try:
        gateway = gateway_from_settings()
        if gateway is None:
            yield Finding("bad", NOT_SET)
        else:
            yield from steps(gateway)
    except GatewayError as error:
        yield Finding("bad", error.reason)


def _looks(gateway: Gateway) -> Iterator[Finding]:
    yield from check_account(gateway)
    yield from check_audience(gateway)
    fields = remote.merge_fields(gateway)
    yield from check_names(fields)
    if PREFERENCES_TAG not in fields:
        yield Finding("note", f"The audience has no field {PREFERENCES_TAG} for the preference page. {RUN_CONNECT}")
    yield check_webhook(gateway)


def _steps(gateway: Gateway) -> Iterator[Finding]:
    yield from check_account(gateway)
    yield from check_audience(gateway)
    fields = remote.merge_fields(gateway)
    yield from check_names(fields)
    yield from _make_preferences_field(gateway, fields)
    yield from _make_webhook(gateway)
    reconcile.ask_for_full()
    yield Finding("good", "The worker compares the whole audience with the list here at its next turn.")


def check_account(gateway: Gateway) -> Iterator[Finding]:
    """Say whose account it is, and whether the key may do what is needed.

    Raises:
        GatewayError: it cannot be read.
    """
    yield Finding("good", f"The key has the right form; calls go to {gateway.host}.")
    name, role = remote.account(gateway)
    QueueState.objects.get_or_create(pk=QueueState.PK)
    QueueState.objects.exclude(account_name=name[:150]).update(account_name=name[:150])
    yield Finding("good", f"Mailchimp answers and accepts the key, which is of the account {name!r}.")
    if role and role not in MAY_MANAGE:
        yield Finding("bad", f"The key's owner is {role!r} there, which is too little: it takes a manager or above.")


def check_audience(gateway: Gateway) -> Iterator[Finding]:
    """Say which audience it is and how newcomers are treated.

    Raises:
        GatewayError: it cannot be read.
    """
    audience = gateway.audience(fresh=True)
    queue.remember(audience)
    yield Finding("good", f"The audience is {audience.name!r}.")
    asks = "asks newcomers to confirm by email" if audience.double_opt_in else "does not ask newcomers to confirm"
    setting = settings.MAILCHIMP_DOUBLE_OPT_IN
    if setting == "auto":
        state = "on" if audience.double_opt_in else "off"
        yield Finding("good", f"It {asks} (double opt-in {state}), and so does this site.")
    else:
        yield Finding("note", f"It {asks}, but MAILCHIMP_DOUBLE_OPT_IN={setting} decides for sign-ups on this site.")


def check_names(fields: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """Say whether names can be sent."""
    if missing := [tag for tag in NAME_TAGS if tag not in fields]:
        yield Finding("note", f"The audience has no field {' or '.join(missing)}: names are not sent.")
    elif wrong := [tag for tag in NAME_TAGS if fields[tag].get("type") != "text"]:
        yield Finding("bad", f"The field {' and '.join(wrong)} is not a text field in Mailchimp: make it one.")
    else:
        yield Finding("good", "The audience has fields for first and last names.")


def _make_preferences_field(gateway: Gateway, fields: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    """Make the field that holds each person's link to their preference page, to be used in newsletters."""
    if PREFERENCES_TAG not in fields:
        remote.add_merge_field(gateway, PREFERENCES_TAG, PREFERENCES_NAME)
        yield Finding("good", f"Made the field {PREFERENCES_TAG}: *|{PREFERENCES_TAG}|* in a newsletter is the link.")
    elif fields[PREFERENCES_TAG].get("type") not in ("text", "url"):
        yield Finding("bad", f"The field {PREFERENCES_TAG} is neither text nor a website: make it text in Mailchimp.")
    else:
        yield Finding("good", f"The audience has the field {PREFERENCES_TAG} for the preference page.")


# --- The webhook -------------------------------------------------------------------------------------


def webhook_url() -> str:
    """The address that Mailchimp is to call."""
    return settings.SITE_URL + webhook.path()


def unreachable(gateway: Gateway) -> str:
    """Why Mailchimp cannot call this site, with what to do; empty when it can. A stand-in here can call anything."""
    if not PATH_SECRET_FORM.fullmatch(webhook.path_secret()):
        return "MAILCHIMP_WEBHOOK_SECRET must be 20 to 200 letters, digits, dashes and underscores."
    if is_on_this_machine(gateway.host):
        return ""
    if is_on_this_machine(settings.SITE_URL):
        return f"SITE_URL is {settings.SITE_URL}, which Mailchimp cannot call. Set it to the site's public address."
    if urlsplit(settings.SITE_URL).scheme != "https":
        return f"SITE_URL is {settings.SITE_URL}. Messages about people need https: set it to the site's https address."
    return ""


def check_webhook(gateway: Gateway) -> Finding:
    """Say whether Mailchimp tells us of changes.

    Raises:
        GatewayError: it cannot be read.
    """
    hook = next((hook for hook in remote.webhooks(gateway) if hook.get("url") == webhook_url()), None)
    if hook is None:
        return Finding("note", f"No webhook: changes at Mailchimp are seen once an hour only. {RUN_CONNECT}")
    if not hook.get("enabled", True):
        return Finding("bad", f"Mailchimp has switched the webhook off, as messages failed for long. {RUN_CONNECT}")
    if not _is_as_wanted(hook):
        return Finding("bad", f"The webhook does not report what it should. {RUN_CONNECT}")
    if hook.get("signing_enabled") and not _has_secret(hook):
        return Finding("bad", f"The key to the webhook's signatures is lost. {RUN_CONNECT}")
    return Finding("good", "The webhook is there: Mailchimp tells this site of changes.")


def _make_webhook(gateway: Gateway) -> Iterator[Finding]:
    """Make the webhook, or mend the one that is there."""
    if why := unreachable(gateway):
        yield Finding("bad", f"No webhook was made. {why}")
        return
    hooks = _ours(gateway)
    kept = next((hook for hook in hooks if hook.get("url") == webhook_url() and _can_be_kept(hook)), None)
    for hook in hooks:
        if hook is not kept:
            remote.delete_webhook(gateway, str(hook["id"]))
            yield Finding("good", "Removed a webhook of this site that is of no use any more.")
    if kept is None:
        yield from _create(gateway)
    elif _is_as_wanted(kept) and kept.get("enabled", True):
        yield Finding("good", "The webhook is there and as it should be.")
    else:
        remote.change_webhook(gateway, str(kept["id"]), {"events": EVENTS, "sources": SOURCES})
        yield Finding("good", "Mended the webhook: it reports what it should.")


def _create(gateway: Gateway) -> Iterator[Finding]:
    body = {"url": webhook_url(), "events": EVENTS, "sources": SOURCES}
    try:
        answer = remote.create_webhook(gateway, body)
    except OperatorMustAct:
        raise
    except GatewayError as error:
        reach = f"It must get an answer from {settings.SITE_URL}/newsletter/mailchimp/ over the internet."
        yield Finding("bad", f"Mailchimp did not make the webhook. {reach} ({error.reason})")
        return
    secret = str(answer.get("signing_secret") or "")
    QueueState.objects.get_or_create(pk=QueueState.PK)
    QueueState.objects.update(
        webhook_id=str(answer.get("id", ""))[:32], webhook_signing_secret=seal(secret) if secret else ""
    )
    signed = "its messages are signed" if secret else "its messages are not signed, so its secret address protects it"
    yield Finding("good", f"Made the webhook; {signed}.")
    if settings.MAILCHIMP_WEBHOOK_SIGNING_SECRET:
        yield Finding("bad", "MAILCHIMP_WEBHOOK_SIGNING_SECRET is of another webhook: remove it from the environment.")


def _remove(gateway: Gateway) -> Iterator[Finding]:
    hooks = _ours(gateway)
    for hook in hooks:
        remote.delete_webhook(gateway, str(hook["id"]))
    QueueState.objects.update(webhook_id="", webhook_signing_secret="")
    yield Finding("good", f"Removed {len(hooks)} webhook{'' if len(hooks) == 1 else 's'} of this site.")


def _ours(gateway: Gateway) -> list[dict[str, Any]]:
    """The webhooks that are this site's: of its address, also with an earlier secret, or made by us before."""
    prefix = settings.SITE_URL + webhook.path().replace(webhook.path_secret() + "/", "")
    made = QueueState.load().webhook_id
    hooks = [hook for hook in remote.webhooks(gateway) if hook.get("id")]
    return [hook for hook in hooks if str(hook.get("url", "")).startswith(prefix) or str(hook["id"]) == made]


def _can_be_kept(hook: dict[str, Any]) -> bool:
    """Whether we can check its signatures: only the answer that made it had the key."""
    return not hook.get("signing_enabled") or _has_secret(hook)


def _has_secret(hook: dict[str, Any]) -> bool:
    if settings.MAILCHIMP_WEBHOOK_SIGNING_SECRET:
        return True
    state = QueueState.load()
    return state.webhook_id == str(hook.get("id")) and bool(unseal(state.webhook_signing_secret))


def _is_as_wanted(hook: dict[str, Any]) -> bool:
    events, sources = hook.get("events") or {}, hook.get("sources") or {}
    return all(events.get(name, False) == on for name, on in EVENTS.items()) and all(
        sources.get(name, False) == on for name, on in SOURCES.items()
    )
