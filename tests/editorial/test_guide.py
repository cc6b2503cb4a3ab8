"""The guide for people who write, as the admin shows it."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from editorial.guide import PICTURES, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(editor_client: Client) -> BeautifulSoup:
    return BeautifulSoup(editor_client.get(reverse("editorial-guide")).content, "html.parser")


def test_it_has_every_part_and_a_way_to_each(shown: BeautifulSoup) -> None:
    parts = re.findall(r"^## (.+)$", TEXT.read_text(), re.MULTILINE)
    assert len(parts) > 10
    assert [heading.text for heading in shown.select(".editorial-guide__text h2")] == parts
    for link in shown.select(".editorial-guide nav a"):
        assert shown.find(id=str(link["href"])[1:]).text == link.text


def test_its_pictures_are_there_and_say_what_they_show(shown: BeautifulSoup, editor_client: Client) -> None:
    pictures = shown.select(".editorial-guide__text img")
    assert {picture["src"] for picture in pictures} == {f"pictures/{path.name}" for path in PICTURES.glob("*")}
    assert pictures
    for picture in pictures:
        assert len(str(picture["alt"])) > 10
        answer = editor_client.get(f"{reverse('editorial-guide')}{picture['src']}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert len(b"".join(answer)) < 80_000


def test_nothing_else_can_be_had_by_its_pictures(editor_client: Client) -> None:
    for name in ("none.webp", "..%2Feditor-guide.md", "home-light.webp"):
        assert editor_client.get(f"{reverse('editorial-guide')}pictures/{name}").status_code != 200


def test_the_help_menu_leads_there(editor_client: Client) -> None:
    assert reverse("editorial-guide") in editor_client.get("/admin/").content.decode()
