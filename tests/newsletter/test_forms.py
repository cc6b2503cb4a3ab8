"""What the form accepts, and that nothing makes it stumble."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.addresses import MAX_LENGTH, accepted, normalise
from newsletter.forms import SignUpForm, has_control_characters
from newsletter.gateway import contact_hash


@pytest.mark.parametrize(
    "email",
    [
        "name@example.com",
        "Ada.Lovelace+news@sub.example.co.uk",
        "o'brien@example.org",
        "a@b.museum",
        "x@xn--bcher-kva.example",
        "1@2.org",
        "a" * 64 + "@example.org",
    ],
)
def test_addresses_that_are_accepted_as_typed(email: str) -> None:
    assert accepted(email) == email


@pytest.mark.parametrize(
    "email",
    [
        "plain",
        "@example.org",
        "ada@",
        "ada@@example.org",
        "ada@example@org.uk",
        "ada lovelace@example.org",
        "ada@exam ple.org",
        "ada@example",
        "ada@.example.org",
        "ada@example..org",
        "ada@example.org.",
        "ada@-example.org",
        "ada@example-.org",
        ".ada@example.org",
        "ada.@example.org",
        "a..da@example.org",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        '"ada lovelace"@example.org',
        "ädä@example.org",
        "ada@example.123",
        "<ada@example.org>",
        "ada@example.org,bob@example.org",
        "mailto:ada@example.org?",
        "a" * 65 + "@example.org",
        "a@" + "b" * 64 + ".org",
        "ada@" + "é" * 300 + ".org",
        "ada@\u202e.org",
    ],
)
def test_addresses_that_are_refused(email: str) -> None:
    assert accepted(email) is None


def test_a_domain_in_another_script_is_sent_in_its_ascii_form() -> None:
    assert accepted("ada@bücher.example") == "ada@xn--bcher-kva.example"


@given(st.text(max_size=300))
def test_no_text_makes_the_address_check_stumble(text: str) -> None:
    email = accepted(text)
    if email is not None:
        assert len(email) <= MAX_LENGTH
        assert email.count("@") == 1
        assert email.isascii()
        assert not has_control_characters(email)
        assert normalise(normalise(email)) == normalise(email)
        assert len(contact_hash(email)) == 32


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("first_name", "x" * 101, "Your first name must be 100 characters or fewer"),
        ("last_name", "Love\nlace", "Your last name must not contain control characters or line breaks"),
        ("last_name", "Love\u2028lace", "Your last name must not contain control characters or line breaks"),
        ("first_name", "win at https://spam.example", "Enter a name, without a web address"),
        ("first_name", "WWW.spam.example", "Enter a name, without a web address"),
    ],
)
def test_names_that_are_refused(field: str, value: str, message: str) -> None:
    form = SignUpForm({"email": "a@example.org", field: value})
    assert form.errors == {field: [message]}


@pytest.mark.parametrize("name", ["", "  ", "Ada", "Nguyễn Thị", "O’Brien-Smith", "علی", "李", "x" * 100])
def test_names_that_are_accepted(name: str) -> None:
    form = SignUpForm({"email": "a@example.org", "first_name": name})
    assert form.is_valid()
    assert form.cleaned_data["first_name"] == name.strip()


@pytest.mark.parametrize("field", ["page", "wording", "took", "interests", "extra"])
@pytest.mark.parametrize("value", ["\0", "\ud800", "x" * 5000, "\r\n", "-1"])
@pytest.mark.django_db
def test_nobody_is_turned_away_for_what_they_did_not_type(field: str, value: str) -> None:
    form = SignUpForm({"email": "a@example.org", field: value})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["wording"] is form.cleaned_data["took"] is None
    assert form.cleaned_data["page"] == ""


def test_ids_differ_between_forms_of_a_page() -> None:
    assert {SignUpForm(prefix_id=prefix)["email"].id_for_label for prefix in ("page", "footer")} == {
        "page-email",
        "footer-email",
    }


FIELDS = ["email", "first_name", "last_name", "website", "page", "wording", "took", "interests", "extra"]
values = st.text(max_size=300) | st.sampled_from(["a@example.org", "1", "0", "9" * 30, "-1", "½", "/x", "\0", "\r\n"])


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.dictionaries(st.sampled_from(FIELDS), st.lists(values, min_size=1, max_size=2)),
    accept=st.sampled_from(
        ["text/html", "application/json", "*/*", "", "\x00;q=x", "application/json;q=0.5,text/html;q=0"]
    ),
)
def test_no_form_makes_the_view_stumble(data: dict[str, list[str]], accept: str) -> None:
    response = Client(enforce_csrf_checks=True).post("/newsletter/", data, headers={"Accept": accept})
    assert response.status_code in (200, 303, 422)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=500),
    content_type=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "multipart/form-data; boundary=" + "b" * 300,
            "application/json",
            "text/plain; charset=utf-16",
        ]
    ),
    length=st.none() | st.sampled_from(["-1", "x", "0"]),
)
def test_no_body_makes_the_view_stumble(body: bytes, content_type: str, length: str | None) -> None:
    extra: dict[str, Any] = {} if length is None else {"CONTENT_LENGTH": length}
    response = Client().generic("POST", "/newsletter/", body, content_type=content_type, **extra)
    assert response.status_code < 500
