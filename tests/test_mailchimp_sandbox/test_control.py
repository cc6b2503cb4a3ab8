"""The control addresses and the page."""

import json
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
import requests
from mailchimp_marketing.api_client import ApiClientError

from .helpers import ADA, LIST

# Control by other processes


def control(mailchimp, method, path, body=None):
    answer = requests.request(method, f"{mailchimp.service.site_url}/_sandbox/{path}", json=body, timeout=5)
    return answer.status_code, answer.json()


def test_other_processes_can_set_the_stage_and_read_it(mailchimp):
    assert control(mailchimp, "POST", "contacts", {"email": ADA, "status": "pending"})[0] == 200
    assert control(mailchimp, "POST", "confirm", {"email": ADA})[1]["status"] == "subscribed"
    assert control(mailchimp, "POST", "clean", {"email": ADA})[1]["status"] == "cleaned"
    status, body = control(mailchimp, "GET", f"contacts?email={ADA}")
    assert (status, body["total"], body["contacts"][0]["confirmation_mails"]) == (200, 1, 0)
    assert control(mailchimp, "POST", "settings", {"double_optin": False})[1]["double_optin"] is False
    assert mailchimp.double_optin is False
    assert control(mailchimp, "POST", "reset")[0] == 200
    assert mailchimp.contacts == []


def test_other_processes_can_make_it_fail_and_stop_failing(mailchimp, client):
    status, fault = control(mailchimp, "POST", "faults", {"kind": "html", "status": 503, "times": 2})
    assert (status, fault["kind"], fault["status"]) == (200, "html", 503)
    with pytest.raises(ApiClientError):
        client.ping.get()
    assert control(mailchimp, "GET", "faults")[1]["faults"][0]["hits"] == 1
    control(mailchimp, "DELETE", "faults")
    assert client.ping.get()
    log = control(mailchimp, "GET", "log")[1]
    assert [record["status"] for record in log["requests"]] == [503, 200]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "confirm", {}, 400),
        ("POST", "confirm", {"email": ADA}, 404),
        ("POST", "contacts", {"email": ADA, "status": "gone"}, 400),
        ("POST", "contacts", {"email": ADA, "status": "pending", "nonsense": 1}, 400),
        ("POST", "faults", {"kind": "explode"}, 400),
        ("POST", "faults", {"kind": "html", "nonsense": 1}, 400),
        ("POST", "settings", {"double_optin": "perhaps"}, 400),
        ("POST", "nothing", {}, 404),
        ("DELETE", "confirm", {}, 405),
        ("GET", "nothing", None, 404),
    ],
)
def test_a_control_request_that_makes_no_sense_is_refused_with_a_reason(mailchimp, method, path, body, status):
    got, answer = control(mailchimp, method, path, body)
    assert got == status
    assert answer["error"]
    assert ADA not in answer["error"]


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_website_cannot_use_the_control_addresses(mailchimp, headers):
    mailchimp.put_contact(ADA, "pending")
    url = f"{mailchimp.service.site_url}/_sandbox/confirm"
    assert requests.post(url, data={"email": ADA}, headers=headers, timeout=5).status_code == 403
    assert mailchimp.contact(ADA)["status"] == "pending"


def test_form_posts_from_curl_with_json_are_read_as_json(mailchimp):
    url = f"{mailchimp.service.site_url}/_sandbox/contacts"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = json.dumps({"email": ADA, "status": "cleaned"})
    assert requests.post(url, data=body, headers=headers, timeout=5).json()["status"] == "cleaned"


def test_a_form_encoded_control_request_can_carry_an_address_with_a_plus(mailchimp):
    mailchimp.put_contact("a+b@example.org", "pending")
    url = f"{mailchimp.service.site_url}/_sandbox/confirm"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    requests.post(url, data=urlencode({"email": "a+b@example.org"}), headers=headers, timeout=5)
    assert mailchimp.contact("a+b@example.org")["status"] == "subscribed"


# The page


class Page(HTMLParser):
    """Checks nesting as it reads, and collects what a test asks about."""

    VOID = frozenset({"meta", "input", "br", "link"})

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.labels_for, self.forms, self.buttons, self.text = [], [], [], [], [], ""
        self.feed(text)
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.labels_for += [attrs["for"]] if tag == "label" else []
        self.forms += [attrs["action"]] if tag == "form" else []
        self.buttons += [attrs.get("aria-label", "")] if tag == "button" else []
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def get_page(mailchimp, path="/"):
    answer = requests.get(mailchimp.service.site_url + path, timeout=5)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script" not in answer.text
    return Page(answer.text)


def test_the_page_says_what_it_is_and_shows_contacts_and_requests(mailchimp, client, put):
    assert "None yet" in get_page(mailchimp).text
    put(ADA, status_if_new="pending", merge_fields={"FNAME": "Ada", "LNAME": "Byron"})
    page = get_page(mailchimp)
    assert "This is a stand-in for Mailchimp on this machine; no e-mail is sent." in page.text
    for shown in (ADA, "Ada Byron", "pending", "PUT", "200"):
        assert shown in page.text
    assert f"Confirm {ADA}" in page.buttons
    assert set(page.labels_for) <= set(page.ids)


def test_the_page_escapes_everything(mailchimp, client, put):
    nasty = '<script>alert("x")</script>'
    put("o'neil&co@example.org", status_if_new="pending", merge_fields={"FNAME": nasty})
    mailchimp.put_contact(f'"{nasty}@example.org', "subscribed")
    page = get_page(mailchimp)
    assert page.text.count(nasty) == 2
    assert f'Bounce "{nasty}@example.org' in page.buttons


def test_the_buttons_work_without_javascript(mailchimp, put):
    put(ADA, status_if_new="pending")
    site = mailchimp.service.site_url
    for action, status in (("confirm", "subscribed"), ("unsubscribe", "unsubscribed"), ("clean", "cleaned")):
        answer = requests.post(f"{site}/_sandbox/{action}", data={"email": ADA}, timeout=5)
        assert (answer.status_code, answer.history[0].status_code) == (200, 303)
        assert ADA not in answer.url
        assert mailchimp.contact(ADA)["status"] == status
    requests.post(f"{site}/_sandbox/settings", data={"double_optin": "false"}, timeout=5)
    assert "Turn double opt-in on" in get_page(mailchimp).text


def test_a_form_that_cannot_be_done_shows_why_on_the_page(mailchimp):
    mailchimp.put_contact(ADA, "subscribed")
    url = f"{mailchimp.service.site_url}/_sandbox/confirm"
    answer = requests.post(url, data={"email": ADA}, timeout=5)
    assert answer.status_code == 404
    assert "only a pending contact can confirm" in Page(answer.text).text


def test_the_hosted_form_of_the_audience_signs_up(mailchimp, client):
    url = client.lists.get_list(LIST)["subscribe_url_long"]
    page = Page(requests.get(url, timeout=5).text)
    answer = requests.post(mailchimp.service.site_url + page.forms[0], data={"email": ADA}, timeout=5)
    assert "please confirm" in Page(answer.text).text
    assert mailchimp.confirmation_mails(ADA) == 1
