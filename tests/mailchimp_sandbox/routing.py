"""Routes of the API, and what its handlers share."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .listing import page, shaped
from .messages import Reply, Request, json_reply
from .problems import GLOSSARY, Problem

if TYPE_CHECKING:
    from .service import Service

Handler = Callable[..., Reply]
ROUTES: list[tuple[re.Pattern[str], str, Handler]] = []


def route(method: str, pattern: str) -> Callable[[Handler], Handler]:
    """Registers a handler; every `*` of the pattern is a part of the path, given to it in order."""
    regex = re.compile("/3.0" + re.escape(pattern).replace(r"\*", "([^/]+)"))

    def register(handler: Handler) -> Handler:
        ROUTES.append((regex, method, handler))
        return handler

    return register


def dispatch(service: "Service", request: Request) -> Reply:
    """The answer to a request whose key is right. Raises Problem."""
    path = request.path.rstrip("/")
    allowed = []
    for regex, method, handler in ROUTES:
        match = regex.fullmatch(path)
        if match and method == request.method:
            return handler(service, request, *match.groups())
        allowed += [method] if match else []
    if allowed:
        raise Problem("Method Not Allowed", headers={"Allow": ", ".join(allowed)})
    raise Problem("Resource Not Found")


def triggered(name: str) -> Problem:
    """The error that the header X-Trigger-Error asks for, e.g. `APIKeyInvalid`."""
    squashed = name.replace(" ", "").lower()
    for title in GLOSSARY:
        if title.replace(" ", "").lower() == squashed:
            return Problem(title)
    return Problem("Bad Request", "X-Trigger-Error names no known error.")


def json_object(request: Request) -> dict[str, Any]:
    """The body, which must be an object. Raises Problem."""
    body = request.json_body()
    if not isinstance(body, dict):
        raise Problem("Invalid Resource", errors=[{"field": "", "message": "Schema describes object"}])
    return body


def check_list(service: "Service", list_id: str) -> None:
    """Raises Problem (404) for any audience but ours."""
    if list_id != service.audience.id:
        raise Problem("Resource Not Found")


def collection(request: Request, name: str, items: list[Any], **more: Any) -> Reply:
    """A page of `items`, already documents, with the total."""
    document = {name: items[page(request)], **more, "total_items": len(items), "_links": []}
    return json_reply(shaped(document, request))
