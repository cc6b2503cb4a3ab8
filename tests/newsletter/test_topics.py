"""Topics: offered as boxes that nobody ticks but the person."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from core import memory
from core.content import Content
from newsletter import arrivals, content, views
from newsletter.models import Consent, Interest, Subscriber
from newsletter.states import State
from tests.newsletter.conftest import EMAIL, Pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def topics() -> list[Interest]:
    """Two topics on offer and one that was withdrawn."""
    return [
        Interest.objects.create(label="Stories", sort_order=2),
        Interest.objects.create(label="Programmes", sort_order=1),
        Interest.objects.create(label="Old", is_offered=False),
    ]


def main_of(response: Any) -> Any:
    return BeautifulSoup(response.content, "html.parser").find("main")


def test_the_form_offers_topics_in_the_editors_order_and_ticks_none(pages: Pages, topics: list[Interest]) -> None:
    fieldset = main_of(Client().get("/newsletter/")).find("fieldset")
    assert " ".join(fieldset.legend.get_text().split()) == "What are you interested in? (optional)"
    boxes = fieldset.find_all("input", type="checkbox")
    assert [(box["name"], box["value"], box.has_attr("checked")) for box in boxes] == [
        ("interests", str(topics[1].pk), False),
        ("interests", str(topics[0].pk), False),
    ]
    labels = {label["for"]: label.get_text() for label in fieldset.find_all("label")}
    assert [labels[box["id"]] for box in boxes] == ["Programmes", "Stories"]


def test_without_topics_nothing_is_asked(pages: Pages) -> None:
    Interest.objects.create(label="Old", is_offered=False)
    assert main_of(Client().get("/newsletter/")).find("fieldset") is None


def test_the_short_form_in_the_footer_does_not_ask(tree: Any, topics: list[Interest]) -> None:
    page = BeautifulSoup(Client().get(tree.about.url).content, "html.parser")
    assert page.find("form", action="/newsletter/")
    assert page.find("fieldset") is None


def test_the_form_block_asks_and_several_forms_read_the_topics_once(topics: list[Interest]) -> None:
    template = Template(
        '{% load newsletter_tags %}{% newsletter_form prefix="a" topics=True %}'
        '{% newsletter_form prefix="b" topics=True %}{% newsletter_form prefix="footer" %}'
    )
    context = Context({"request": RequestFactory().get("/about/")})
    with memory.remembered(), CaptureQueriesContext(connection) as captured:
        page = BeautifulSoup(template.render(context), "html.parser")
    assert len([query for query in captured if "newsletter_interest" in query["sql"]]) == 1
    assert [form.find("fieldset") is not None for form in page.find_all("form")] == [True, True, False]
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_what_is_ticked_is_stored_and_what_is_not_on_offer_is_left_out(pages: Pages, topics: list[Interest]) -> None:
    ids = [str(topics[0].pk), str(topics[2].pk), "999", "x", "-1", "9" * 40, "\0", str(topics[0].pk)]
    response = Client().post("/newsletter/", {"email": EMAIL, "interests": ids})
    assert response.status_code == 303
    assert list(Subscriber.objects.get().interests.all()) == [topics[0]]
    assert Consent.objects.get().interests == "Stories"


def test_topics_of_a_live_subscriber_are_not_changed_by_whoever_types_their_address(topics: list[Interest]) -> None:
    person = Subscriber.objects.create(email=EMAIL, email_key=EMAIL.lower(), state=State.SUBSCRIBED)
    person.interests.set(topics[:1])
    Client().post("/newsletter/", {"email": EMAIL, "interests": [topics[1].pk]})
    assert list(person.interests.all()) == topics[:1]
    assert Consent.objects.get().interests == "Programmes"


def test_what_is_ticked_stays_ticked_after_a_mistake(pages: Pages, topics: list[Interest]) -> None:
    response = Client().post("/newsletter/", {"email": "nonsense", "interests": [topics[0].pk, "x"]})
    assert response.status_code == 422
    assert [box["value"] for box in main_of(response).select("input[checked]")] == [str(topics[0].pk)]


def test_what_is_ticked_is_sent_again_when_nothing_could_be_read_or_written(
    topics: list[Interest], monkeypatch: Any
) -> None:
    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(arrivals, "sign_up_newcomers", locked)
    monkeypatch.setattr(views, "_render_form", locked)
    response = Client().post("/newsletter/", {"email": EMAIL, "interests": [topics[0].pk, topics[1].pk]})
    assert response.status_code == 503
    sent_again = [field["value"] for field in main_of(response).select("[name=interests]")]
    assert sent_again == [str(topics[0].pk), str(topics[1].pk)]


def test_many_ticks_ask_the_database_once(django_assert_num_queries: Any, topics: list[Interest]) -> None:
    from newsletter.forms import InterestsField, SignUpForm

    data = {"email": EMAIL, "interests": [str(n) for n in range(1, 5000)]}
    form = SignUpForm(data)
    with django_assert_num_queries(1):
        assert form.is_valid()
    assert len(InterestsField().to_python(data["interests"])) == InterestsField.MOST


def test_the_starting_topics_are_loaded_once_and_never_over_an_editors_work() -> None:
    Interest.objects.create(label=content.TOPICS["stories"], tag="Theirs")
    for _ in range(2):
        content.load(Content())
        Interest.objects.filter(label=content.TOPICS["programmes"]).delete()
    assert {topic.label for topic in Interest.objects.all()} == set(content.TOPICS.values()) - {
        content.TOPICS["programmes"]
    }
    assert Interest.objects.get(label=content.TOPICS["stories"]).tag == "Theirs"
