"""The stand-in's own addresses: its page at `/`, and `/_sandbox/` for scripts and other processes.

Scripts send and get JSON; the page's forms send form data and are led back to the page.
"""

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from . import page, people
from .contact import READABLE_STATUSES, Contact
from .faults import Fault
from .listing import DEFAULT_COUNT, MOST
from .messages import Reply, Request, json_reply
from .problems import Problem
from .service import Record, Service

PREFIX = "/_sandbox/"
HTML = "text/html; charset=utf-8"
HTML_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
CONTACT_FIELDS = {field.name for field in dataclasses.fields(Contact)} - {"email", "status", "web_id"}
FAULT_FIELDS = {field.name: field.type for field in dataclasses.fields(Fault) if field.name != "hits"}


class Refusal(Exception):
    """A request to the stand-in itself that it cannot do; the text says why and holds no address."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


def answer(service: Service, request: Request) -> Reply:
    """The answer to any request outside /3.0."""
    is_form = "form-urlencoded" in request.headers.get("content-type", "") and not _looks_like_json(request)
    try:
        _check_caller(request)
        if request.method in ("GET", "HEAD"):
            return _get(service, request)
        result = _change(service, request, is_form)
    except (Refusal, LookupError, ValueError, TypeError, Problem) as refusal:
        return _refused(service, request, refusal, is_form)
    if is_form:
        done = request.path.removeprefix(PREFIX)
        target = f"{PREFIX}subscribe?done=1" if done == "subscribe" else f"/?done={done}"
        return Reply(303, b"", None, {"Location": target})
    return json_reply(result)


def _looks_like_json(request: Request) -> bool:
    # `curl -d '{...}'` calls its body a form.
    return request.raw_body.lstrip().startswith(b"{")


def _check_caller(request: Request) -> None:
    """Only this machine, and no other website in this machine's browser."""
    host = request.headers.get("host", "")
    name = (urlsplit(f"//{host}").hostname or "").lower()
    if name not in ("localhost", "::1") and not re.fullmatch(r"127(\.\d+){3}", name):
        raise Refusal("The stand-in answers on this machine only.", 403)
    origin = request.headers.get("origin")
    cross_site = request.headers.get("sec-fetch-site") == "cross-site" and request.method not in (
        "GET",
        "HEAD",
    )
    if cross_site or (origin is not None and origin != f"http://{host}"):
        raise Refusal("Another website may not use the stand-in.", 403)


def _refused(service: Service, request: Request, refusal: Exception, is_form: bool) -> Reply:
    status = getattr(refusal, "status", 404 if isinstance(refusal, LookupError) else 400)
    text = str(refusal.args[0]) if refusal.args else "This is not possible."
    if is_form:
        return html(page.render(service, error=text), status)
    return json_reply({"error": text}, status)


def html(text: str, status: int = 200) -> Reply:
    return Reply(status, text.encode(), HTML, HTML_HEADERS)


# Reading


def _get(service: Service, request: Request) -> Reply:
    if request.path == "/":
        return html(page.render(service, done=request.query.get("done", "")))
    if request.path == PREFIX + "subscribe":
        return html(page.render_hosted_form(service, done="done" in request.query))
    if match := re.fullmatch(PREFIX + r"batches/([0-9a-f]+)\.tar\.gz", request.path):
        return Reply(200, service.batches.get(match[1]).archive(), "application/gzip")
    reader = READERS.get(request.path.removeprefix(PREFIX))
    if reader is None or not request.path.startswith(PREFIX):
        raise Refusal("There is no such address here.", 404)
    return json_reply(reader(service, request))


def _state(service: Service, request: Request) -> dict[str, Any]:
    return {
        "settings": _settings(service, request),
        "contacts": len(service.audience.contacts),
        "requests": len(service.log),
        "in_progress": service.in_progress,
        "peak_concurrency": service.peak_concurrency,
        "faults": [fault.document() for fault in service.faults.current()],
        "webhooks": [hook.document(service.audience.id) for hook in list(service.webhooks.hooks.values())],
        "errors": service.errors,
    }


def _settings(service: Service, request: Request) -> dict[str, Any]:
    return {"double_optin": service.audience.double_optin, "lose_webhooks": service.webhooks.losing}


def _contacts(service: Service, request: Request) -> dict[str, Any]:
    with service.audience.lock:
        contacts = list(service.audience.contacts.values())
        if email := request.query.get("email"):
            contacts = [contact for contact in [service.audience.find(email)] if contact]
        return {"contacts": [_contact(service, contact) for contact in contacts], "total": len(contacts)}


def _contact(service: Service, contact: Contact) -> dict[str, Any]:
    document = service.audience.document(contact, service.base_url)
    del document["_links"]
    return document | {"confirmation_mails": contact.confirmation_mails, "complained": contact.complained}


def _log(service: Service, request: Request) -> dict[str, Any]:
    """The newest `count` requests, oldest first."""
    count = min(int(request.query.get("count", DEFAULT_COUNT * 10)), MOST)
    records = list(service.log)
    return {"requests": [_record(record) for record in records[-count:]], "total": len(records)}


def _record(record: Record) -> dict[str, Any]:
    return dataclasses.asdict(record) | {"time": record.time.isoformat()}


def _faults(service: Service, request: Request) -> dict[str, Any]:
    return {"faults": [fault.document() for fault in service.faults.current()]}


def _deliveries(service: Service, request: Request) -> dict[str, Any]:
    sent = [
        {"event": d.event, "webhook": d.hook.id, "statuses": d.statuses, "delivered": d.delivered}
        for d in list(service.webhooks.deliveries)
    ]
    return {"deliveries": sent, "lost": service.webhooks.lost}


def _campaigns(service: Service, request: Request) -> dict[str, Any]:
    with service.campaigns.lock:
        return {"campaigns": [dataclasses.asdict(campaign) for campaign in service.campaigns.all()]}


READERS: dict[str, Callable[[Service, Request], dict[str, Any]]] = {
    "": _state,
    "state": _state,
    "settings": _settings,
    "contacts": _contacts,
    "log": _log,
    "faults": _faults,
    "deliveries": _deliveries,
    "campaigns": _campaigns,
}


# Changing


def _change(service: Service, request: Request, is_form: bool) -> dict[str, Any]:
    if not request.path.startswith(PREFIX):
        raise Refusal("There is no such address here.", 404)
    name = request.path.removeprefix(PREFIX)
    if request.method == "DELETE":
        action = CLEARERS.get(name)
    else:
        action = ACTIONS.get(name) if request.method == "POST" else None
    if action is None:
        raise Refusal("There is no such action here.", 405 if name in READERS or name in ACTIONS else 404)
    given = request.form() if is_form else _json_object(request)
    with service.audience.lock:
        result = action(service, given)
    service.revision += 1
    return result if result is not None else {"ok": True}


def _json_object(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.raw_body or b"{}")
    except ValueError:
        raise Refusal("The body is no JSON.") from None
    if not isinstance(body, dict):
        raise Refusal("The body is no JSON object.")
    return body


def _email(given: dict[str, Any]) -> str:
    email = given.get("email")
    if not isinstance(email, str) or not email.strip():
        raise Refusal("email is missing.")
    return email.strip()


def _person(action: Callable[..., Contact], *names: str) -> Callable[[Service, dict[str, Any]], Any]:
    """A control action out of one of `people`; `names` are its further arguments."""

    def act(service: Service, given: dict[str, Any]) -> dict[str, Any]:
        if missing := [name for name in names if name not in given]:
            raise Refusal(f"{missing[0]} is missing.")
        contact = action(service.audience, _email(given), *(given[name] for name in names))
        return _contact(service, contact)

    return act


def _complain(service: Service, given: dict[str, Any]) -> dict[str, Any]:
    return _contact(service, people.unsubscribe(service.audience, _email(given), reason="abuse"))


def _put_contact(service: Service, given: dict[str, Any]) -> dict[str, Any]:
    status = given.get("status")
    if status not in (*READABLE_STATUSES, *people.SPECIAL_STATES):
        raise Refusal(f"status must be one of: {', '.join((*READABLE_STATUSES, *people.SPECIAL_STATES))}")
    fields = {name: value for name, value in given.items() if name not in ("email", "status")}
    if unknown := set(fields) - CONTACT_FIELDS:
        raise Refusal(f"unknown field: {', '.join(sorted(unknown))}")
    contact = people.put_contact(service.audience, _email(given), status, **fields)
    return _contact(service, contact) if contact else {"ok": True}


def _set_settings(service: Service, given: dict[str, Any]) -> dict[str, Any]:
    known = {"double_optin", "lose_webhooks"}
    if unknown := set(given) - known:
        raise Refusal(f"unknown setting: {', '.join(sorted(unknown))}")
    if "double_optin" in given:
        service.audience.double_optin = _truth(given["double_optin"])
    if "lose_webhooks" in given:
        service.webhooks.losing = _truth(given["lose_webhooks"])
    return {"double_optin": service.audience.double_optin, "lose_webhooks": service.webhooks.losing}


def _truth(value: Any) -> bool:
    words = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in words:
        raise Refusal("A setting is true or false.")
    return words[str(value).lower()]


def _add_fault(service: Service, given: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(given) - set(FAULT_FIELDS):
        raise Refusal(f"unknown option: {', '.join(sorted(unknown))}; known are: {', '.join(FAULT_FIELDS)}")
    if "kind" not in given:
        raise Refusal("kind is missing.")
    return service.faults.add(Fault(**given)).document()


def _clear_faults(service: Service, given: dict[str, Any]) -> None:
    service.faults.clear()


def _clear_log(service: Service, given: dict[str, Any]) -> None:
    service.log.clear()


def _reset(service: Service, given: dict[str, Any]) -> None:
    service.reset()


ACTIONS: dict[str, Callable[[Service, dict[str, Any]], dict[str, Any] | None]] = {
    "contacts": _put_contact,
    "confirm": _person(people.confirm),
    "unsubscribe": _person(people.unsubscribe),
    "clean": _person(people.clean),
    "complain": _complain,
    "archive": _person(people.archive),
    "subscribe": _person(people.sign_up),
    "change-address": _person(people.change_address, "new_email"),
    "change-profile": _person(people.change_profile, "merge_fields"),
    "settings": _set_settings,
    "faults": _add_fault,
    "clear-faults": _clear_faults,
    "reset": _reset,
}
CLEARERS = {"faults": _clear_faults, "log": _clear_log}
