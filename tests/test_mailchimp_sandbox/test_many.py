"""Lists of contacts, up to 500 at once, and asynchronous batches."""

import io
import json
import tarfile
import time

import pytest
import requests
from mailchimp_marketing.api_client import ApiClientError

from .helpers import ADA, BEN, LIST, md5, refused


def emails(answer):
    return [member["email_address"] for member in answer["members"]]


def test_a_listing_has_ten_unless_told_and_at_most_a_thousand(mailchimp, client):
    for number in range(1005):
        mailchimp.put_contact(f"n{number}@example.org", "subscribed")
    assert len(client.lists.get_list_members_info(LIST)["members"]) == 10
    # The Python client itself refuses more than 1000, so this one is asked without it.
    query = {"count": 5000, "fields": "members.email_address,total_items"}
    url, auth = f"{mailchimp.base_url}/lists/{LIST}/members", ("x", mailchimp.api_key)
    answer = requests.get(url, params=query, auth=auth, timeout=5).json()
    assert (len(answer["members"]), answer["total_items"], set(answer)) == (1000, 1005, {"members", "total_items"})
    rest = client.lists.get_list_members_info(LIST, count=10, offset=1000)
    assert emails(rest) == [f"n{number}@example.org" for number in range(1000, 1005)]


def test_a_listing_filters_by_status_and_hides_the_archived(mailchimp, client):
    for number, status in enumerate(("subscribed", "archived", "unsubscribed")):
        mailchimp.put_contact(f"n{number}@example.org", status)
    assert emails(client.lists.get_list_members_info(LIST)) == ["n0@example.org", "n2@example.org"]
    assert emails(client.lists.get_list_members_info(LIST, status="archived")) == ["n1@example.org"]


def test_since_means_after_by_whole_seconds_in_the_order_asked_for(mailchimp, client):
    for second in (3, 1, 2):
        moment = f"2026-11-21T10:00:0{second}+00:00"
        mailchimp.put_contact(f"n{second}@example.org", "subscribed", last_changed=moment)
    ask = {"sort_field": "last_changed", "sort_dir": "ASC"}
    since = client.lists.get_list_members_info(LIST, since_last_changed="2026-11-21T11:00:01+01:00", **ask)
    assert emails(since) == ["n2@example.org", "n3@example.org"]
    before = client.lists.get_list_members_info(LIST, before_last_changed="2026-11-21 10:00:03", **ask)
    assert emails(before) == ["n1@example.org", "n2@example.org"]


@pytest.mark.parametrize(
    "query",
    [
        {"count": -1},
        {"status": "gone"},
        {"since_last_changed": "lately"},
        {"sort_field": "name"},
        {"unsubscribed_since": "2026-01-01"},
        {"fields": ["members"], "exclude_fields": ["members"]},
    ],
)
def test_a_listing_refuses_what_it_cannot_do(client, query):
    with pytest.raises(ApiClientError) as error:
        client.lists.get_list_members_info(LIST, **query)
    assert error.value.status_code == 400


def members(*addresses, status="subscribed"):
    return [{"email_address": address, "status": status} for address in addresses]


def test_a_batch_creates_and_refuses_existing_unless_told_to_update(mailchimp, client):
    mailchimp.put_contact(ADA, "subscribed")
    answer = client.lists.batch_list_members(LIST, {"members": members(ADA, BEN)})
    assert (answer["total_created"], answer["total_updated"], answer["error_count"]) == (1, 0, 1)
    assert answer["errors"][0]["error_code"] == "ERROR_CONTACT_EXISTS"
    assert answer["new_members"][0]["email_address"] == BEN
    again = {"members": members(ADA, BEN, status="unsubscribed"), "update_existing": True}
    assert client.lists.batch_list_members(LIST, again)["total_updated"] == 2
    assert mailchimp.contact(ADA)["status"] == "unsubscribed"


def test_a_batch_keeps_the_good_ones_when_others_are_refused(mailchimp, client):
    mailchimp.put_contact(BEN, "cleaned")
    body = {
        "members": [*members(ADA, BEN, "x@fake.invalid", "nonsense"), {"email_address": 5}],
        "update_existing": True,
    }
    answer = client.lists.batch_list_members(LIST, body)
    assert (answer["total_created"], answer["error_count"]) == (1, 4)
    assert {error["error_code"] for error in answer["errors"]} == {"ERROR_GENERIC"}


def test_a_batch_has_no_status_if_new(client):
    body = {"members": [{"email_address": ADA, "status_if_new": "pending"}]}
    assert client.lists.batch_list_members(LIST, body)["error_count"] == 1


def test_a_batch_takes_at_most_500(mailchimp, client):
    many = members(*(f"n{number}@example.org" for number in range(501)))
    with refused(400, "Invalid Resource"):
        client.lists.batch_list_members(LIST, {"members": many})
    assert mailchimp.contacts == []
    assert client.lists.batch_list_members(LIST, {"members": many[:500]})["total_created"] == 500


def test_a_batch_refuses_an_address_twice_unless_the_check_is_skipped(mailchimp, client):
    body = {"members": members(ADA, ADA.upper())}
    with refused(400, "Invalid Resource") as caught:
        client.lists.batch_list_members(LIST, body)
    assert caught.problem["detail"].startswith("Duplicate items found")
    assert client.lists.batch_list_members(LIST, body, skip_duplicate_check=True)["total_created"] == 1


def test_a_batch_skips_required_merge_fields_only_when_told(mailchimp, client):
    mailchimp.require_merge_field("FNAME")
    body = {"members": members(ADA)}
    answer = client.lists.batch_list_members(LIST, body)
    assert (answer["error_count"], answer["errors"][0]["field"]) == (1, "FNAME")
    assert client.lists.batch_list_members(LIST, body, skip_merge_validation=True)["total_created"] == 1


def test_an_asynchronous_batch_runs_its_operations_and_packs_the_answers(mailchimp, client):
    body = json.dumps({"email_address": ADA, "status": "pending"})
    operations = [
        {"method": "POST", "path": f"/lists/{LIST}/members", "body": body, "operation_id": "add"},
        {"method": "GET", "path": f"/lists/{LIST}/members/{md5(BEN)}", "operation_id": "look"},
        {"method": "GET", "path": f"/lists/{LIST}/members", "params": {"fields": "total_items"}, "operation_id": "n"},
    ]
    batch = client.batches.start({"operations": operations})
    assert batch["status"] in ("pending", "started", "finished")
    deadline = time.monotonic() + 5
    while (batch := client.batches.status(batch["id"]))["status"] != "finished":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (batch["finished_operations"], batch["errored_operations"]) == (3, 1)
    packed = requests.get(batch["response_body_url"], timeout=5).content
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        content = archive.extractfile(archive.getmembers()[0])
        assert content
        results = json.load(content)
    assert {r["operation_id"]: r["status_code"] for r in results} == {"add": 200, "look": 404, "n": 200}
    assert json.loads(results[2]["response"]) == {"total_items": 1}
    assert mailchimp.confirmation_mails(ADA) == 1
