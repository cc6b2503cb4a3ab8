"""The Art of Change Making in a real browser: by keyboard alone, without JavaScript, and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import IN_A_BROWSER

NewContext = Callable[..., BrowserContext]
pytestmark = IN_A_BROWSER

ADDRESS = "/art-of-change-making/"
WAY = ["Nudge contrasts with Adaptive leadership", "Adaptive leadership is deepened by Immunity to change"]
scripted = pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])

# The boxes and words of the drawing as the browser has laid them out: all rectangles in pixels.
MEASURE = """() => {
  const box = (element) => { const r = element.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const chart = document.querySelector(".chart .atlas");
  return {
    boxes: [...chart.querySelectorAll(".n .b")].map(box),
    names: [...chart.querySelectorAll(".name text")].map(box),
    words: [...chart.querySelectorAll(".n")].map((n) => [box(n.querySelector(".b")), box(n.querySelector(".s")),
      [...n.querySelectorAll("text")].map(box)]),
  };
}"""


def told(page: Page) -> list[str]:
    """The steps of the answer, in words."""
    return [" ".join(step.split()) for step in page.locator(".steps > li > p:first-of-type").all_inner_texts()]


def overlap(a: list[float], b: list[float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("width", [768, 1280, 1920])
def test_no_words_overlap_and_all_are_in_their_boxes(new_context: NewContext, width: int) -> None:
    page = new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(ADDRESS)
    page.evaluate("document.fonts.ready")
    measured = page.evaluate(MEASURE)
    assert len(measured["boxes"]) == 24
    areas = measured["boxes"] + measured["names"]
    assert [
        (a, b) for n, a in enumerate(areas) for b in areas[:n] if overlap(a, b) and a not in measured["names"]
    ] == []
    for box, stub, lines in measured["words"]:
        for line in lines:
            assert stub[2] <= line[0] and line[2] <= box[2] and box[1] <= line[1] and line[3] <= box[3], (box, line)


@scripted
def test_the_way_between_two_is_found_by_keyboard_alone(new_context: NewContext, scripts: bool) -> None:
    page = new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 800}).new_page()
    page.goto(ADDRESS)
    page.get_by_label("Start from").focus()
    page.keyboard.type("Nudge")
    page.keyboard.press("Tab")
    page.keyboard.type("Dialogue")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Show")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?from=nudge&to=dialogue*")
    expect(page.get_by_role("heading", name="From Nudge to Dialogue")).to_be_visible()
    assert told(page)[:2] == WAY
    assert len(told(page)) == 4
    expect(page.locator(".chart .n.chosen")).to_have_count(2)
    if scripts:
        expect(page.locator(":focus")).to_have_text("From Nudge to Dialogue")
        expect(page.locator("[data-said]")).to_have_text("4 steps from Nudge to Dialogue.")


@scripted
def test_a_filter_goes_on_and_off_by_keyboard_and_back_in_the_history(new_context: NewContext, scripts: bool) -> None:
    page = new_context(java_script_enabled=scripts, viewport={"width": 1280, "height": 800}).new_page()
    page.goto(ADDRESS)
    loads: list[Any] = []
    page.on("load", lambda loaded: loads.append(loaded))
    page.get_by_role("link", name="Leading change", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#found h4")).to_have_count(5)
    expect(page.locator("#group-leading-change")).to_have_attribute("aria-current", "true")
    page.wait_for_url("**/?group=leading-change*")
    if scripts:
        expect(page.locator(":focus")).to_have_id("group-leading-change")
        expect(page.locator("[data-said]")).to_have_text("5 approaches and 7 connections found.")
        assert loads == []
    page.locator("#group-leading-change").press("Enter")
    expect(page.locator("#found h4")).to_have_count(24)
    page.go_back()
    expect(page.locator("#found h4")).to_have_count(5)


def test_pointing_at_an_approach_lights_its_neighbours_and_its_place_in_the_list(page: Page) -> None:
    page.goto(ADDRESS)
    page.locator(".chart a.n", has_text="Nudge").hover()
    lit = page.locator(".chart .n.on")
    assert sorted(" ".join(node.split()) for node in lit.all_text_contents()) == ["Adaptiveleadership", "Nudge"]
    expect(page.locator(".rows > li.on h4")).to_have_text("Nudge")
    page.locator("#found h4 a", has_text="Four-player model").focus()
    expect(lit).to_have_count(2)
    assert sorted(lit.all_text_contents()) == ["Dialogue", "Four-playermodel"]
    page.get_by_label("Start from").focus()
    expect(lit).to_have_count(0)


def test_a_box_leads_to_its_page_and_the_page_back_to_its_place(page: Page) -> None:
    page.goto(ADDRESS)
    page.locator(".chart a.n", has_text="Theory U").click()
    page.wait_for_url("**/theory-u/")
    page.get_by_role("link", name="See Theory U among its neighbours").click()
    page.wait_for_url("**/?approach=theory-u#found")
    expect(page.locator(".chart .n.chosen")).to_have_text("Theory U")


@pytest.mark.parametrize("width", [320, 360])
@scripted
def test_on_a_phone_the_neighbours_of_one_approach_are_drawn(
    new_context: NewContext, width: int, scripts: bool
) -> None:
    page = new_context(java_script_enabled=scripts, viewport={"width": width, "height": 700}).new_page()
    page.goto(ADDRESS)
    expect(page.locator(".chart")).to_be_hidden()
    page.get_by_label("Start from").select_option("Dialogue")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="Dialogue", exact=True)).to_be_in_viewport()
    drawing = page.locator(".near .atlas")
    expect(drawing).to_be_visible()
    expect(drawing.locator("a.n")).to_have_count(7)
    assert len(told(page)) == 6
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = page.evaluate(
            "[...document.querySelectorAll('.near .b')].map((b) => b.getBoundingClientRect().toJSON())"
        )
        assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)


def test_an_answer_that_does_not_come_is_asked_for_in_the_old_way(page: Page) -> None:
    page.goto(ADDRESS)
    page.route(
        "**/?kind=uses*", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
    )
    page.locator("#kind-uses").click()
    page.wait_for_url("**/?kind=uses*")
    expect(page.locator("#found h2")).to_have_text("uses")
    expect(page.locator("#kind-uses")).to_have_attribute("aria-current", "true")
