"""Lists of contacts: filters, order, pages; and `fields`/`exclude_fields` for any answer."""

from collections.abc import Callable
from typing import Any

from .audience import Audience
from .contact import READABLE_STATUSES, Contact
from .messages import Request
from .problems import Problem, invalid_fields
from .rules import utc_time

DEFAULT_COUNT = 10
MOST = 1000
SORT_FIELDS = ("last_changed", "timestamp_opt", "timestamp_signup")

#: argument -> (attribute, whether the attribute must be later than it). "Since" means after, by whole seconds.
TIME_FILTERS = {
    "since_last_changed": ("last_changed", True),
    "before_last_changed": ("last_changed", False),
    "since_timestamp_opt": ("timestamp_opt", True),
    "before_timestamp_opt": ("timestamp_opt", False),
    "unsubscribed_since": ("last_changed", True),
}


def number(request: Request, name: str, default: int) -> int:
    text = request.query.get(name, str(default))
    if not (text.isascii() and text.isdigit()):
        raise invalid_fields((name, "Schema describes integer greater than or equal to 0"))
    return int(text)


def page(request: Request) -> slice:
    """`count` (10 unless told, at most 1000) and `offset` as a slice."""
    start = number(request, "offset", 0)
    return slice(start, start + min(number(request, "count", DEFAULT_COUNT), MOST))


def select_contacts(audience: Audience, request: Request) -> list[Contact]:
    """Every contact the request asks for, in its order, before paging. Raises Problem."""
    tests = [_status_test(audience, request), *_time_tests(request)]
    with audience.lock:
        found = [c for c in audience.contacts.values() if all(test(c) for test in tests)]
    if not (sort_field := request.query.get("sort_field")):
        return found
    if sort_field not in SORT_FIELDS:
        raise invalid_fields(("sort_field", "Data presented is not one of the accepted values."))
    descending = request.query.get("sort_dir", "ASC").upper() == "DESC"
    return sorted(found, key=lambda c: getattr(c, sort_field), reverse=descending)


def _status_test(audience: Audience, request: Request) -> Callable[[Contact], bool]:
    status = request.query.get("status")
    if status is None:
        return lambda contact: audience.archived_in_listing or contact.status != "archived"
    if status not in READABLE_STATUSES:
        raise invalid_fields(("status", "Data presented is not one of the accepted values."))
    return lambda contact: contact.status == status


def _time_tests(request: Request) -> list[Callable[[Contact], bool]]:
    if "unsubscribed_since" in request.query and request.query.get("status") != "unsubscribed":
        raise Problem("Bad Request", "unsubscribed_since can only be used with a status of unsubscribed.")
    tests = []
    for argument, (attribute, later) in TIME_FILTERS.items():
        if argument in request.query:
            tests.append(_time_test(argument, request.query[argument], attribute, later))
    return tests


def _time_test(argument: str, text: str, attribute: str, later: bool) -> Callable[[Contact], bool]:
    try:
        limit = utc_time(text)
    except ValueError:
        raise invalid_fields((argument, "This value is not a valid datetime.")) from None

    def test(contact: Contact) -> bool:
        moment = getattr(contact, attribute)
        return moment != "" and (moment > limit if later else moment < limit)

    return test


def shaped(document: Any, request: Request) -> Any:
    """The answer cut down to `fields`, or without `exclude_fields`; dots lead inside. Never both."""
    wanted, unwanted = request.query.get("fields"), request.query.get("exclude_fields")
    if wanted and unwanted:
        raise Problem("Bad Request", "You cannot use both fields and exclude_fields.")
    if wanted:
        return _keep(document, _paths(wanted))
    return _drop(document, _paths(unwanted)) if unwanted else document


def _paths(text: str) -> list[list[str]]:
    return [name.strip().split(".") for name in text.split(",") if name.strip()]


def _inside(paths: list[list[str]], key: str) -> list[list[str]]:
    return [path[1:] for path in paths if path[0] == key]


def _keep(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_keep(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, item in value.items():
        if inside := _inside(paths, key):
            kept[key] = item if [] in inside else _keep(item, inside)
    return kept


def _drop(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_drop(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    left = {}
    for key, item in value.items():
        inside = _inside(paths, key)
        if [] not in inside:
            left[key] = _drop(item, inside) if inside else item
    return left
