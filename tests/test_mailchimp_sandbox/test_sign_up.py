"""A new sign-up: key, audience, and what a contact that is not there yet must be."""

import re

import pytest
import requests

from .helpers import ADA, BEN, LIST, make_client, md5, refused

# Key, account and audience


def test_ping_and_root_answer_a_right_key(client):
    assert client.ping.get() == {"health_status": "Everything's Chimpy!"}
    assert client.root.get_root()["role"] == "owner"


def test_a_bearer_token_is_a_key_too(mailchimp):
    headers = {"Authorization": f"Bearer {mailchimp.api_key}"}
    assert requests.get(f"{mailchimp.base_url}/ping", headers=headers, timeout=5).status_code == 200


def test_a_wrong_key_is_401_problem_json(mailchimp):
    with refused(401, "API Key Invalid"):
        make_client(mailchimp, "wrong-us1").ping.get()
    answer = requests.get(f"{mailchimp.base_url}/ping", auth=("x", "wrong"), timeout=5)
    assert answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"


def test_no_key_is_401(mailchimp):
    answer = requests.get(f"{mailchimp.base_url}/ping", timeout=5)
    assert (answer.status_code, answer.json()["title"]) == (401, "API Key Missing")


def test_a_revoked_key_is_refused_until_the_new_one_is_used(mailchimp, client):
    mailchimp.api_key = "fedcba9876543210fedcba9876543210-us1"
    with refused(401, "API Key Invalid"):
        client.ping.get()
    assert make_client(mailchimp).ping.get()


def test_another_audience_is_404(client):
    with refused(404, "Resource Not Found"):
        client.lists.get_list("ffffffffff")


def test_an_unknown_path_is_404_and_a_wrong_method_405_with_allow(mailchimp):
    auth = ("any", mailchimp.api_key)
    assert requests.get(f"{mailchimp.base_url}/nothing", auth=auth, timeout=5).status_code == 404
    answer = requests.patch(f"{mailchimp.base_url}/ping", auth=auth, timeout=5)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")


def test_the_audience_shows_its_settings_and_counts(mailchimp, client):
    mailchimp.put_contact(ADA, "subscribed")
    mailchimp.put_contact(BEN, "cleaned")
    audience = client.lists.get_list(LIST)
    assert audience["id"] == LIST
    assert audience["double_optin"] is True
    assert audience["marketing_permissions"] is False
    assert audience["subscribe_url_long"].startswith("http://127.0.0.1:")
    assert (audience["stats"]["member_count"], audience["stats"]["cleaned_count"]) == (1, 1)
    mailchimp.double_optin = False
    assert client.lists.get_list(LIST)["double_optin"] is False
    assert [item["id"] for item in client.lists.get_all_lists()["lists"]] == [LIST]


def test_x_trigger_error_answers_the_error_it_names(mailchimp):
    answer = requests.get(
        f"{mailchimp.base_url}/ping",
        auth=("x", mailchimp.api_key),
        headers={"X-Trigger-Error": "UserDisabled"},
        timeout=5,
    )
    assert (answer.status_code, answer.json()["title"]) == (403, "User Disabled")


# A new contact


def test_status_if_new_pending_sends_one_confirmation_mail(mailchimp, put):
    member = put(ADA, status_if_new="pending")
    assert (member["id"], member["status"]) == (md5(ADA), "pending")
    assert mailchimp.confirmation_mails(ADA) == 1


def test_subscribed_subscribes_at_once_even_where_double_optin_is_on(mailchimp, put):
    assert put(ADA, status_if_new="subscribed")["status"] == "subscribed"
    assert mailchimp.confirmation_mails(ADA) == 0


def test_status_speaks_before_status_if_new(put):
    assert put(ADA, status="unsubscribed", status_if_new="pending")["status"] == "unsubscribed"


def test_a_new_contact_needs_a_status_and_an_address(client, put):
    with refused(400, "Invalid Resource") as caught:
        put(ADA)
    assert caught.problem["errors"][0]["field"] == "status"
    with refused(400, "Invalid Resource") as caught:
        client.lists.set_list_member(LIST, md5(ADA), {"status_if_new": "pending"})
    assert caught.problem["errors"][0]["field"] == "email_address"


def test_the_address_must_belong_to_the_hash_whatever_its_case(mailchimp, client):
    body = {"email_address": "Ada@Example.ORG", "status_if_new": "pending"}
    assert client.lists.set_list_member(LIST, md5(ADA), body)["email_address"] == "Ada@Example.ORG"
    with refused(400, "Invalid Resource"):
        client.lists.set_list_member(LIST, md5(BEN), {"email_address": "eve@example.org", "status": "pending"})
    assert len(mailchimp.contacts) == 1


def test_the_member_answer_has_the_fields_and_forms_of_the_real_one(mailchimp, put):
    member = put(
        ADA,
        status_if_new="pending",
        merge_fields={"FNAME": "Ada", "LNAME": "Byron"},
        language="en",
        ip_signup="2001:db8::1",
        timestamp_signup="2026-11-21 10:00:00",
    )
    assert member["merge_fields"] == {"FNAME": "Ada", "LNAME": "Byron", "ADDRESS": "", "PHONE": ""}
    assert (member["full_name"], member["language"], member["list_id"]) == ("Ada Byron", "en", LIST)
    assert (member["ip_signup"], member["timestamp_signup"]) == ("2001:db8::1", "2026-11-21T10:00:00+00:00")
    assert re.fullmatch(r"[0-9a-f]{10}", member["unique_email_id"])
    assert re.fullmatch(r"[0-9a-f]{32}", member["contact_id"])
    assert isinstance(member["web_id"], int)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", member["last_changed"])
    assert "unsubscribe_reason" not in member


def test_get_finds_by_hash_and_contact_id_and_404_is_new(client, put):
    member = put(ADA, status_if_new="pending")
    assert client.lists.get_list_member(LIST, md5(ADA))["status"] == "pending"
    assert client.lists.get_list_member(LIST, member["contact_id"])["id"] == md5(ADA)
    with refused(404, "Resource Not Found"):
        client.lists.get_list_member(LIST, md5(BEN))


def test_fields_and_exclude_fields_reach_inside_by_dots(client, put):
    put(ADA, status_if_new="pending", merge_fields={"FNAME": "Ada"})
    fields = ["status", "merge_fields.FNAME"]
    assert client.lists.get_list_member(LIST, md5(ADA), fields=fields) == {
        "status": "pending",
        "merge_fields": {"FNAME": "Ada"},
    }
    short = client.lists.get_list_member(LIST, md5(ADA), exclude_fields=["_links", "merge_fields.FNAME"])
    assert "_links" not in short
    assert "FNAME" not in short["merge_fields"]
    assert "LNAME" in short["merge_fields"]


@pytest.mark.parametrize(
    "email",
    ["", "no-at", "a@b", "a b@example.org", "a@@example.org", "a@example..org", "a@-x.org", "a" * 250 + "@example.org"],
)
def test_a_malformed_address_is_refused(mailchimp, put, email):
    with refused(400, "Invalid Resource"):
        put(email, status_if_new="pending")
    assert mailchimp.contacts == []


@pytest.mark.parametrize(
    "email", ["a+tag@example.org", "o'neil@example.photography", "zoë@exämple.org", "a@x.xn--p1ai"]
)
def test_an_unusual_but_good_address_is_accepted(put, email):
    assert put(email, status_if_new="pending")["email_address"] == email


@pytest.mark.parametrize("email", ["someone@fake.invalid", "abuse@example.org"])
def test_an_address_that_looks_fake_is_refused(put, email):
    with refused(400, "Invalid Resource") as caught:
        put(email, status_if_new="pending")
    assert "looks fake or invalid" in caught.problem["detail"]


def test_an_address_on_too_many_lists_is_refused_until_it_is_not(mailchimp, put):
    mailchimp.put_contact(ADA, "too_many_lists")
    with refused(400, "Invalid Resource") as caught:
        put(ADA, status_if_new="pending")
    assert "signed up to a lot of lists very recently" in caught.problem["detail"]
    mailchimp.put_contact(ADA, "transactional")
    assert put(ADA, status="pending")["status"] == "pending"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "confirmed"),
        ("status", "archived"),
        ("status_if_new", "Pending"),
        ("ip_signup", "300.1.2.3"),
        ("ip_opt", ""),
        ("timestamp_signup", "yesterday"),
        ("merge_fields", ["FNAME"]),
        ("language", None),
        ("email_type", "pdf"),
        ("vip", "yes"),
    ],
)
def test_a_field_of_the_wrong_form_is_named_in_errors(put, field, value):
    with refused(400, "Invalid Resource") as caught:
        put(ADA, **{"status_if_new": "pending", field: value})
    assert [error["field"] for error in caught.problem["errors"]] == [field]


def test_an_unknown_interest_is_refused_and_leaves_no_contact(mailchimp, put):
    with refused(400, "Invalid Resource"):
        put(ADA, status_if_new="pending", interests={"9143cf3bd1": True})
    assert mailchimp.contact(ADA) is None


def test_a_body_that_is_no_json_is_a_json_parse_exception(mailchimp):
    url = f"{mailchimp.base_url}/lists/{LIST}/members/{md5(ADA)}"
    answer = requests.put(url, data=b'{"email', auth=("x", mailchimp.api_key), timeout=5)
    assert (answer.status_code, answer.json()["title"]) == (400, "JSON Parse Exception")


def test_post_creates_and_refuses_who_is_there(client):
    body = {"email_address": ADA, "status": "subscribed"}
    assert client.lists.add_list_member(LIST, body)["status"] == "subscribed"
    with refused(400, "Member Exists"):
        client.lists.add_list_member(LIST, body)
