"""What the tests of the stand-in share."""

import contextlib
import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import mailchimp_marketing
import pytest
from mailchimp_marketing.api_client import ApiClientError

ROOT = Path(__file__).resolve().parent.parent.parent
ADA = "ada@example.org"
BEN = "ben@example.org"
LIST = "a1b2c3d4e5"


def md5(email):
    return hashlib.md5(email.lower().encode(), usedforsecurity=False).hexdigest()


def make_client(sandbox, key=None, timeout=(2, 5)):
    client = mailchimp_marketing.Client({"api_key": key or sandbox.api_key, "timeout": timeout})
    client.api_client.host = sandbox.base_url
    return client


@contextlib.contextmanager
def refused(status, title):
    """The block must be refused with this status and title; `problem` of the result is the document."""
    caught = SimpleNamespace(problem=None)
    with pytest.raises(ApiClientError) as error:
        yield caught
    caught.problem = json.loads(error.value.text)
    assert (error.value.status_code, caught.problem["title"]) == (status, title)
    assert caught.problem["status"] == status
    assert caught.problem["instance"]
