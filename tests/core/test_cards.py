"""The picture that others see when a page is shared."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from core.cards import card_address, card_of, draw_card_of
from core.drawing.cards import Card, draw_card
from tests import factories as make


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture_told(client, page):
    soup = BeautifulSoup(client.get(page.url).content, "html.parser")
    return soup.find("meta", property="og:image")["content"].removeprefix("http://testserver")


def test_a_page_without_a_picture_tells_of_its_card(tree, client):
    page = make.CaseStoryPageFactory(title="Food and Cornwall")
    answer = client.get(picture_told(client, page))
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (1200, 630)
    assert len(answer.content) < 300_000


def test_a_card_is_drawn_once(tree, client, monkeypatch):
    page = make.StandardPageFactory()
    address = card_address(page)
    first = client.get(address).content
    monkeypatch.setattr("core.cards.draw_card", lambda card: pytest.fail("drawn again"))
    assert client.get(address).content == first


def test_a_new_title_is_a_new_card_and_the_old_one_goes(tree, client):
    page = make.StandardPageFactory(title="Before")
    old = card_address(page)
    assert client.get(old).status_code == 200
    page.title = "After"
    page.save_revision().publish()
    draw_card_of(page)
    assert card_address(page) != old
    assert client.get(card_address(page)).status_code == 200
    assert client.get(old).status_code == 404
    assert len(default_storage.listdir(f"cards/{page.pk}")[1]) == 1


def test_publishing_in_the_admin_draws_the_card(tree, client, editor, monkeypatch):
    page = make.StandardPageFactory(title="A page")
    drawn = []
    monkeypatch.setattr("core.cards.draw_card", lambda card: drawn.append(card.title) or b"png")
    client.force_login(editor)
    form = client.get(f"/admin/pages/{page.pk}/edit/").context["form"]
    data = {name: form[name].value() or "" for name in ("title", "slug")} | {"action-publish": "1", "body-count": "0"}
    data |= {f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    assert client.post(f"/admin/pages/{page.pk}/edit/", data).status_code == 302
    assert drawn == ["A page"]


@pytest.mark.parametrize("hide", ["unpublish", "restrict"])
def test_no_card_of_what_readers_may_not_see(tree, client, hide):
    page = make.StandardPageFactory(title="Secret")
    address = card_address(page)
    assert client.get(address).status_code == 200
    if hide == "unpublish":
        page.unpublish()
    else:
        page.view_restrictions.create(restriction_type="login")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("path", ["/cards/1-0000000000000000.png", "/cards/999999999-0123456789abcdef.png"])
def test_other_addresses_are_no_cards(tree, client, path):
    assert client.get(path).status_code == 404


def test_the_picture_that_an_editor_chose_wins(tree, client):
    page = make.StandardPageFactory(social_image=make.SiteImageFactory())
    assert "/cards/" not in picture_told(client, page)


def test_words_stay_on_the_card_and_off_its_edges():
    title = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 3
    picture = Image.open(BytesIO(draw_card(Card(title, "seed", "moss", "K" * 200)))).convert("RGB")
    ground = picture.getpixel((2, 628))
    dark = [x for x in range(0, 60, 3) for y in range(630) if sum(picture.getpixel((x, y))) < 200]
    assert dark == []
    assert ground == (0xDD, 0xE8, 0xC8)


@hypothesis_settings(max_examples=12, deadline=None)
@given(st.text(max_size=255), st.text(max_size=60))
def test_any_title_makes_a_card(title, seed):
    assert draw_card(Card(title, seed, "", title[:40])).startswith(b"\x89PNG")


def test_a_card_says_what_kind_of_page_it_is_of(tree):
    group = make.ApproachGroupFactory(name="Working together")
    said = {
        card_of(page).kicker
        for page in (
            make.ApproachPageFactory(group=group),
            make.ApproachPageFactory(group=None),
            make.PersonPageFactory(role="Programme lead"),
            make.PersonPageFactory(role="", group="enabler"),
        )
    }
    assert said == {"Working together", "The Art of Change Making", "Programme lead", "Enablers"}
