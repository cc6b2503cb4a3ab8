"""The stand-in, the real client, and a sign-up."""

import pytest

from tests.mailchimp_sandbox import Sandbox

from .helpers import LIST, make_client, md5


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def mailchimp():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(mailchimp):
    return make_client(mailchimp)


@pytest.fixture
def put(client):
    """PUT of one member, as a sign-up does it."""

    def put_member(email, skip=True, **body):
        body = {"email_address": email, **body}
        return client.lists.set_list_member(LIST, md5(email), body, skip_merge_validation=skip)

    return put_member
