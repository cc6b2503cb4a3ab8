"""Asking for every address in everybody's name, without effect, and telling what came of it."""

import csv
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import transaction
from django.template.response import SimpleTemplateResponse
from django.test import Client

from tests.roles.addresses import Address, addresses
from tests.roles.samples import PEOPLE, make_pages, make_people, make_records

MATRIX = Path(__file__).with_name("matrix.csv")
# What is different on the next Wagtail: other rows, and by method and address alone those that are not there.
DIFFERENT = Path(__file__).with_name("matrix-wagtail-8.csv")
HEADER = ["method", "address", *PEOPLE]
LOGIN = "/admin/login/"
# What the answers are called. "Bad request" and "error" come after the rights were looked at, or instead of it.
ALLOWED, REFUSED, TO_LOGIN, NO_SUCH_METHOD = "allowed", "refused", "login", "-"
BAD_REQUEST, ERROR = "bad request", "error"

Rows = list[list[str]]


def make_rows(tree: Any, method: str) -> Rows:
    """Ask for everything by one method. Takes the database as it is, and leaves only samples in it."""
    clients = make_people()
    pages = make_pages(tree)
    things = pages | make_records(pages["page"])
    rows = []
    with without_pages_drawn():
        for address in addresses(things):
            if method == "POST" and "/bulk/" in address.path:
                continue  # answered alike, whatever is done; test_escalation looks at what is
            answers = [ask(clients[name], method, address) for name in PEOPLE]
            if NO_SUCH_METHOD not in answers:
                rows.append([method, address.route, *answers])
    return rows


@contextmanager
def without_pages_drawn() -> Iterator[None]:
    """Leave templates undrawn: whether somebody is let in is decided before, and drawing takes most of the time.

    Errors of views that get less than they need are rows of the matrix, and not logged.
    """
    logging.disable(logging.ERROR)
    try:
        with patch.object(SimpleTemplateResponse, "rendered_content", ""):
            yield
    finally:
        logging.disable(logging.NOTSET)


def ask(client: Client, method: str, address: Address) -> str:
    """Send one request, undo whatever it has done, and name the answer."""
    cache.clear()
    cookies = client.cookies.copy()
    # As scripts of the admin send their forms; some views take no others.
    headers = {"X-Requested-With": "XMLHttpRequest"} if method == "POST" else {}
    with transaction.atomic():
        if method == "POST":
            response = client.post(address.path, address.data, headers=headers)
        else:
            response = client.get(address.path)
        transaction.set_rollback(True)
    client.cookies = cookies  # logging out would take them away
    return name_of(response)


def name_of(response: Any) -> str:
    """Tell being let in from being refused."""
    if response.status_code == 405:
        return NO_SUCH_METHOD
    if response.status_code in (400, 401, 403, 404, 500):
        return {400: BAD_REQUEST, 500: ERROR}.get(response.status_code, REFUSED)
    if response.status_code == 302 and response.url.split("?")[0] == LOGIN:
        return TO_LOGIN
    told = [str(message) for message in get_messages(response.wsgi_request)]
    if response.status_code == 302 and any("you do not have permission" in text for text in told):
        return REFUSED
    # The page of a bulk action opens for everybody, with what it may be done to; nothing, for most.
    acted_on = getattr(response, "context_data", None) or {}
    return REFUSED if "items_with_no_access" in acted_on and not acted_on.get("items") else ALLOWED


def write(rows: Rows) -> Path:
    """Write the matrix, each address with its methods together; on another Wagtail only what is different there.

    Returns the file.
    """
    file = DIFFERENT if is_other_wagtail() else MATRIX
    if is_other_wagtail():
        committed = {tuple(row[:2]): row for row in _read(MATRIX)}
        found = {tuple(row[:2]): row for row in rows}
        gone = [list(key) for key in committed.keys() - found.keys()]
        rows = [row for key, row in found.items() if row != committed.get(key)] + gone
    rows = sorted(rows, key=lambda row: (row[1], row[0]))
    with file.open("w", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([HEADER, *rows])
    return file


def read() -> Rows:
    """Read the matrix as committed, without its header; on another Wagtail with what is different there."""
    rows = {tuple(row[:2]): row for row in _read(MATRIX)}
    if is_other_wagtail():
        rows |= {tuple(row[:2]): row for row in _read(DIFFERENT)}
    return [row for row in rows.values() if len(row) == len(HEADER)]


def is_other_wagtail() -> bool:
    """Whether these are the tests of `script/test --wagtail 8.0.1`, the next version of Wagtail."""
    return metadata.version("wagtail").startswith("8.")


def _read(file: Path) -> Rows:
    with file.open(newline="") as lines:
        return list(csv.reader(lines))[1:]
