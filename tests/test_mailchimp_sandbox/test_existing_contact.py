"""What may become of a contact that is there: states, profile, merge fields, tags."""

import pytest

from .helpers import ADA, BEN, LIST, md5, refused

# An existing contact


@pytest.mark.parametrize("status", ["subscribed", "pending", "unsubscribed", "cleaned", "transactional", "archived"])
def test_status_if_new_never_changes_an_existing_contact(mailchimp, put, status):
    mailchimp.put_contact(ADA, status)
    assert put(ADA, status_if_new="pending", merge_fields={"FNAME": "New"})["status"] == status
    assert mailchimp.confirmation_mails(ADA) == 0


def test_a_second_pending_sends_no_second_mail(mailchimp, put):
    for _ in range(3):
        put(ADA, status="pending")
    assert mailchimp.confirmation_mails(ADA) == 1


def test_unsubscribed_then_pending_forces_a_second_mail(mailchimp, client, put):
    put(ADA, status_if_new="pending")
    client.lists.update_list_member(LIST, md5(ADA), {"status": "unsubscribed"})
    client.lists.update_list_member(LIST, md5(ADA), {"status": "pending"})
    assert mailchimp.confirmation_mails(ADA) == 2


def test_pending_demotes_a_live_subscriber(mailchimp, put):
    mailchimp.put_contact(ADA, "subscribed")
    assert put(ADA, status="pending")["status"] == "pending"
    assert mailchimp.confirmation_mails(ADA) == 1


@pytest.mark.parametrize(
    ("was", "wanted", "allowed"),
    [
        ("pending", "subscribed", True),
        ("unsubscribed", "pending", True),
        ("unsubscribed", "subscribed", False),
        ("cleaned", "pending", False),
        ("cleaned", "subscribed", False),
        ("complained", "pending", False),
        ("complained", "subscribed", False),
        ("archived", "pending", True),
        ("archived", "subscribed", True),
        ("transactional", "pending", True),
        ("transactional", "subscribed", True),
        ("subscribed", "unsubscribed", True),
    ],
)
def test_compliance_state_bars_who_left_or_bounced(mailchimp, put, was, wanted, allowed):
    mailchimp.put_contact(ADA, was)
    if allowed:
        assert put(ADA, status=wanted)["status"] == wanted
    else:
        with refused(400, "Member In Compliance State"):
            put(ADA, status=wanted)
        assert mailchimp.contact(ADA)["status"] == ("unsubscribed" if was == "complained" else was)
    assert mailchimp.confirmation_mails(ADA) == (allowed and wanted == "pending")


@pytest.mark.parametrize("before", ["unsubscribed", "cleaned"])
def test_an_archived_contact_that_had_left_or_bounced_does_not_come_back(mailchimp, put, before):
    mailchimp.put_contact(ADA, "archived", status_before_archive=before)
    with refused(400, "Member In Compliance State"):
        put(ADA, status="pending")


def test_the_problem_of_a_contact_is_about_its_address_only_in_detail(mailchimp, put):
    mailchimp.put_contact(ADA, "cleaned")
    with refused(400, "Member In Compliance State") as caught:
        put(ADA, status="pending")
    assert caught.problem["detail"].startswith(ADA)


def test_patch_needs_the_contact_and_put_without_status_changes_only_the_profile(mailchimp, client, put):
    with refused(404, "Resource Not Found"):
        client.lists.update_list_member(LIST, md5(ADA), {"status": "subscribed"})
    mailchimp.put_contact(ADA, "subscribed")
    member = put(ADA, merge_fields={"LNAME": "Byron"})
    assert (member["status"], member["merge_fields"]["LNAME"]) == ("subscribed", "Byron")


def test_last_changed_moves_only_with_a_change(mailchimp, put):
    mailchimp.put_contact(ADA, "subscribed", last_changed="2020-01-01T00:00:00+00:00")
    assert put(ADA, status_if_new="pending")["last_changed"] == "2020-01-01T00:00:00+00:00"
    assert put(ADA, merge_fields={"FNAME": "Ada"})["last_changed"] > "2026"


def test_another_address_renames_and_a_clash_is_member_exists(mailchimp, client):
    mailchimp.put_contact(ADA, "subscribed")
    mailchimp.put_contact(BEN, "subscribed")
    with refused(400, "Member Exists"):
        client.lists.update_list_member(LIST, md5(ADA), {"email_address": BEN})
    renamed = client.lists.update_list_member(LIST, md5(ADA), {"email_address": "ada@example.net"})
    assert renamed["id"] == md5("ada@example.net")
    assert mailchimp.contact(ADA) is None


def test_delete_archives_and_a_second_delete_is_405(mailchimp, client):
    mailchimp.put_contact(ADA, "subscribed")
    assert client.lists.delete_list_member(LIST, md5(ADA)).status_code == 204
    assert client.lists.get_list_member(LIST, md5(ADA))["status"] == "archived"
    with refused(405, "Method Not Allowed") as caught:
        client.lists.delete_list_member(LIST, md5(ADA))
    assert caught.problem["detail"].startswith("This list member cannot be removed.")


def test_a_permanently_deleted_contact_is_404_and_cannot_be_imported_again(mailchimp, client, put):
    mailchimp.put_contact(ADA, "subscribed")
    assert client.lists.delete_list_member_permanent(LIST, md5(ADA)).status_code == 204
    with refused(404, "Resource Not Found"):
        client.lists.get_list_member(LIST, md5(ADA))
    for status in ("pending", "subscribed"):
        with refused(400, "Forgotten Email Not Subscribed"):
            put(ADA, status=status)
    with refused(400, "Forgotten Email Not Subscribed"):
        client.lists.add_list_member(LIST, {"email_address": ADA, "status": "pending"})
    mailchimp.put_contact(BEN, "forgotten")
    with refused(400, "Forgotten Email Not Subscribed"):
        put(BEN, status_if_new="pending")


@pytest.mark.parametrize("status", ["forgotten", "cleaned", "complained", "unsubscribed", "archived"])
def test_the_hosted_form_takes_anybody_back(mailchimp, status):
    mailchimp.put_contact(ADA, status)
    mailchimp.sign_up(ADA)
    assert mailchimp.contact(ADA)["status"] == "pending"
    mailchimp.confirm(ADA)
    assert mailchimp.contact(ADA)["status"] == "subscribed"


# Merge fields and tags


def test_merge_fields_are_cut_at_255_bytes_and_unknown_tags_ignored(put):
    member = put(ADA, status_if_new="pending", merge_fields={"FNAME": "é" * 200, "NOPE": "x"})
    assert member["merge_fields"]["FNAME"] == "é" * 127
    assert "NOPE" not in member["merge_fields"]


def test_a_required_merge_field_is_asked_for_unless_validation_is_skipped(mailchimp, put):
    mailchimp.require_merge_field("FNAME")
    with refused(400, "Invalid Resource") as caught:
        put(ADA, skip=False, status_if_new="pending")
    assert caught.problem["detail"] == "Your merge fields were invalid."
    assert [error["field"] for error in caught.problem["errors"]] == ["FNAME"]
    assert mailchimp.contact(ADA) is None
    assert put(ADA, skip=True, status_if_new="pending")["status"] == "pending"


def test_merge_fields_are_listed_added_changed_and_deleted(client, put):
    listed = client.lists.get_list_merge_fields(LIST, count=1000)
    assert [field["tag"] for field in listed["merge_fields"]] == ["FNAME", "LNAME", "ADDRESS", "PHONE"]
    added = client.lists.add_list_merge_field(LIST, {"name": "Organisation", "type": "text", "tag": "ORG"})
    assert (added["tag"], added["required"]) == ("ORG", False)
    assert put(ADA, status_if_new="pending", merge_fields={"ORG": "NHS"})["merge_fields"]["ORG"] == "NHS"
    with refused(400, "Invalid Resource"):
        client.lists.add_list_merge_field(LIST, {"name": "Again", "type": "text", "tag": "ORG"})
    assert client.lists.update_list_merge_field(LIST, added["merge_id"], {"name": "Body", "required": True})["required"]
    assert client.lists.delete_list_merge_field(LIST, added["merge_id"]).status_code == 204
    assert client.lists.get_list_merge_fields(LIST)["total_items"] == 4


def test_a_value_of_the_wrong_type_is_refused_by_name(client, put):
    client.lists.add_list_merge_field(LIST, {"name": "Age", "type": "number"})
    with refused(400, "Invalid Resource") as caught:
        put(ADA, status_if_new="pending", merge_fields={"AGE": "old", "ADDRESS": {"addr1": "1 High St"}})
    assert {error["field"] for error in caught.problem["errors"]} == {"AGE", "ADDRESS"}


def test_tags_are_204_and_change_only_what_they_name(mailchimp, client):
    mailchimp.put_contact(ADA, "subscribed", tags=["Old"])
    body = {"tags": [{"name": "New", "status": "active"}, {"name": "new", "status": "active"}]}
    answer = client.lists.update_list_member_tags(LIST, md5(ADA), body)
    assert (answer.status_code, answer.content) == (204, b"")
    client.lists.update_list_member_tags(LIST, md5(ADA), {"tags": [{"name": "OLD", "status": "inactive"}]})
    assert [tag["name"] for tag in client.lists.get_list_member_tags(LIST, md5(ADA))["tags"]] == ["New"]
    with refused(404, "Resource Not Found"):
        client.lists.update_list_member_tags(LIST, md5(BEN), body)


def test_tags_of_a_put_count_for_a_new_contact_only(put):
    assert [tag["name"] for tag in put(ADA, status_if_new="pending", tags=["one"])["tags"]] == ["one"]
    assert [tag["name"] for tag in put(ADA, status_if_new="pending", tags=["two"])["tags"]] == ["one"]


def test_a_pending_contact_that_never_confirmed_vanishes_and_may_sign_up_again(mailchimp, client, put):
    put(ADA, status_if_new="pending")
    mailchimp.remove_contact(ADA)
    with refused(404, "Resource Not Found"):
        client.lists.get_list_member(LIST, md5(ADA))
    assert put(ADA, status_if_new="pending")["status"] == "pending"


def test_marketing_permissions_are_shown_and_set_by_their_id(mailchimp, client, put):
    mailchimp.ask_permissions({"0a1b2c": "Email", "3d4e5f": "Post"})
    assert client.lists.get_list(LIST)["marketing_permissions"] is True
    body = [{"marketing_permission_id": "0a1b2c", "enabled": True}]
    member = put(ADA, status_if_new="pending", marketing_permissions=body)
    shown = {item["text"]: item["enabled"] for item in member["marketing_permissions"]}
    assert shown == {"Email": True, "Post": False}
    with refused(400, "Invalid Resource"):
        put(ADA, marketing_permissions=[{"marketing_permission_id": "nope", "enabled": True}])
