"""Every template in every state, loaded once each: as axe sees it, by keyboard, and in windows narrow and wide."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import IN_A_BROWSER, RunningSite
from tests.browser.states import STATES

pytestmark = IN_A_BROWSER

WIDE, PHONE = 1280, 360
# WCAG 2.2 at A and AA, good practice, and contrast at AAA (7:1); that rule leaves what is below AA to the other one.
EVERY_RULE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"color-contrast-enhanced": {"enabled": True}},
}
# Drawn lines run behind words on a plain ground, where axe decides nothing: without them it does. It cannot tell the
# ground of words in a drawing: tests/test_style.py reckons their contrast from the colours themselves.
PLAIN = """() => {
  for (const map of document.querySelectorAll(".sheet > .map")) map.style.display = "none";
  for (const field of document.querySelectorAll(".field")) field.style.backgroundImage = "none";
}"""
CONTEXT = {"exclude": [["svg text"]]}
# Notes each stop of the keyboard just before Tab leads on: what it is, and what a reader sees of it.
WATCH = """() => {
  const order = [...document.querySelectorAll("*")];
  const isStop = (element) => element.tabIndex >= 0 && !element.disabled && element.type !== "hidden"
    && element.checkVisibility({ visibilityProperty: true });
  const named = (element) => `${element.localName} ${(element.innerText || element.name || "").trim().slice(0, 40)}`;
  const hasRing = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3 && style.boxShadow !== "none";
  };
  const isSeen = (element) => {
    const box = element.getClientRects()[0];
    const hit = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    return Boolean(hit) && (element.contains(hit) || hit.contains(element));
  };
  const query = "a[href], button, input, select, textarea, summary, iframe, [tabindex]";
  window.expected = [...document.querySelectorAll(query)].filter(isStop).map((element) => order.indexOf(element));
  window.stops = [];
  addEventListener("keydown", () => {
    const stop = document.activeElement;
    const isNowhere = stop === document.body;
    window.stops.push(isNowhere ? null
      : { place: order.indexOf(stop), name: named(stop), ring: hasRing(stop), seen: isSeen(stop) });
  }, true);
}"""
MOST_STOPS = 400
# Tab goes on from where the focus was last, even when nothing has it any more.
FROM_THE_TOP = """() => {
  getSelection().removeAllRanges();
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""


@pytest.fixture(scope="module")
def window(browser: Browser, site: RunningSite) -> Iterator[Page]:
    """One window for all states."""
    context = browser.new_context(base_url=site.url, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=STATES)
def shown(request: Any, window: Page, site: RunningSite) -> Page:
    """The window with a page in one of its states; pytest runs all tests of one state together."""
    state = STATES[request.param]
    window.set_viewport_size({"width": WIDE, "height": 800})
    window.goto(state.path.format(preferences=site.preferences))
    if state.act:
        state.act(window)
    return window


def faults(page: Page, rules: dict[str, Any], context: Any = CONTEXT) -> list[Any]:
    """What axe has against a page, and what it could not decide about contrast."""
    answer = Axe().run(page, context=context, options=rules).response
    undecided = [rule for rule in answer["incomplete"] if rule["id"].startswith("color-contrast")]
    return [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in answer["violations"] + undecided
        for node in rule["nodes"]
    ]


def test_axe_finds_nothing_in_any_state(shown: Page) -> None:
    shown.evaluate(PLAIN)
    found = {}
    for width, scheme in ((WIDE, "light"), (PHONE, "dark")):
        shown.set_viewport_size({"width": width, "height": 800})
        shown.emulate_media(color_scheme=scheme)
        found[width, scheme] = faults(shown, EVERY_RULE)
    assert {where: what for where, what in found.items() if what} == {}


def test_nothing_sticks_out_sideways_in_any_state(shown: Page) -> None:
    """At 320 pixels, which is 1280 at 400% zoom (WCAG 1.4.10), at 640, which is 200%, and on a large screen."""
    widths = (320, 640, 1920)
    found = {}
    for width in widths:
        shown.set_viewport_size({"width": width, "height": 800})
        found[width] = shown.evaluate("document.documentElement.scrollWidth")
    assert found == {width: width for width in widths}


def test_the_keyboard_stops_at_everything_in_order_and_each_stop_is_seen(shown: Page) -> None:
    shown.set_viewport_size({"width": WIDE, "height": 800})
    shown.evaluate(FROM_THE_TOP)
    shown.evaluate(WATCH)
    stops = stops_of(shown)
    shown.evaluate(FROM_THE_TOP)  # for the next look at this state
    assert [stop["place"] for stop in stops] == shown.evaluate("window.expected")
    assert [stop["name"] for stop in stops if not stop["ring"]] == []
    assert [stop["name"] for stop in stops if not stop["seen"]] == []


def stops_of(page: Page) -> list[dict[str, Any]]:
    """Press Tab until it has led through the page once: to its end, or to the first stop again."""
    for _ in range(MOST_STOPS // 20):
        for _ in range(20):
            page.keyboard.press("Tab")
        first, *others = page.evaluate("window.stops.slice(1)")
        for number, stop in enumerate(others):
            if stop is None or stop["place"] == first["place"]:
                return [first, *others[:number]]
    raise AssertionError(f"no end after {MOST_STOPS} Tabs")


def test_axe_finds_nothing_in_an_open_menu_and_a_skip_link_that_has_the_focus(window: Page) -> None:
    window.set_viewport_size({"width": PHONE, "height": 800})
    window.goto("/news/")
    for scheme in ("light", "dark"):
        window.emulate_media(color_scheme=scheme)
        window.locator("summary", has_text="Menu").click()
        assert faults(window, EVERY_RULE, "header") == []
        window.keyboard.press("Escape")
        window.keyboard.press("Shift+Tab")
        window.keyboard.press("Shift+Tab")
        assert window.locator(".skip:focus").count() == 1
        assert faults(window, EVERY_RULE, ".skip") == []
        window.locator("#footer-email").focus()
        assert faults(window, EVERY_RULE, ".sign-up-form") == []


@pytest.mark.parametrize(
    ("colour", "rule"), [("#666d6a", "color-contrast-enhanced"), ("#9aa39f", "color-contrast")], ids=["AAA", "AA"]
)
def test_words_that_are_too_pale_would_be_found(window: Page, colour: str, rule: str) -> None:
    window.emulate_media(color_scheme="light")
    window.goto("/about/")
    window.evaluate("colour => { document.querySelector('.prose p').style.color = colour }", colour)
    assert rule in {found for found, *_ in faults(window, EVERY_RULE, ".prose")}
