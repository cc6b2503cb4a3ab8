"""Wagtail's autosave, and what an editor does while one is under way: nothing is missed or made twice."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import IN_A_BROWSER
from tests.browser.editing import name, publish, start

pytestmark = IN_A_BROWSER

# As long as a description is to be: other tests read every page there is.
INTRODUCTION = "A piece of news that is written and published within a moment, as happens."

# Something is chosen, which no key press tells of, just after the form was collected.
CHOOSE_WHILE_SAVING = """words => addEventListener('w-autosave:save', () => setTimeout(() => {
    document.querySelector('#id_search_description').value = words;
}), { once: true })"""
# The first autosave of a new page has taken effect, and its answer is still on the way when somebody publishes.
PUBLISH_WHILE_SAVING = """() => {
    const usual = window.fetch;
    window.fetch = async (address, ...rest) => {
        const answer = await usual(address, ...rest);
        if (!String(address).includes('/add/') || window.pressed) return answer;
        window.pressed = true;
        document.querySelector('button[name="action-publish"]').click();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return answer;
    };
}"""


def test_what_is_chosen_while_an_autosave_is_under_way_is_saved_too(admin: Page) -> None:
    words = "Chosen within the moment that saving takes"
    start(admin, "/news/", "News article")
    name(admin, "Saved in the same moment")
    admin.wait_for_url("**/edit/**")
    with admin.expect_response(lambda response: words in (response.request.post_data or ""), timeout=15_000) as saved:
        admin.evaluate(CHOOSE_WHILE_SAVING, words)
        admin.get_by_role("textbox", name="Introduction").fill(INTRODUCTION)
    assert saved.value.json()["success"]
    admin.reload()
    expect(admin.locator("#id_search_description")).to_have_value(words)


def test_a_new_page_that_is_published_while_its_first_autosave_is_under_way_is_made_once(admin: Page) -> None:
    title = "Published at once"
    start(admin, "/news/", "News article")
    admin.evaluate(PUBLISH_WHILE_SAVING)
    admin.get_by_role("textbox", name="Introduction").fill(INTRODUCTION)
    name(admin, title)
    expect(admin.get_by_text(re.compile("created and published|has been published"))).to_be_visible(timeout=15_000)
    admin.goto("/admin/pages/?q=Published+at+once")
    expect(admin.get_by_role("link", name=title, exact=True)).to_have_count(1)


def bad_gateway(route: Route) -> None:
    """Answer as a proxy does whose server is just being started anew."""
    route.fulfill(status=502, body="<h1>502 Bad Gateway</h1>", content_type="text/html")


def test_an_autosave_that_met_a_server_being_restarted_is_tried_again(admin: Page) -> None:
    words = "Typed just before the server was started anew, and not touched again since then."
    refused = []

    def refuse_twice(route: Route) -> None:
        if words in (route.request.post_data or "") and len(refused) < 2:
            refused.append(route.request.url)
            bad_gateway(route)
        else:
            route.continue_()

    start(admin, "/news/", "News article")
    name(admin, "Saved at the third try")
    admin.wait_for_url("**/edit/**")
    admin.route("**/edit/**", refuse_twice)
    admin.get_by_role("textbox", name="Introduction").fill(words)
    expect(says_that_autosave_is(admin, "paused")).to_be_visible()
    expect(says_that_autosave_is(admin, "saved")).to_be_visible()
    assert len(refused) == 2
    admin.reload()
    expect(admin.get_by_role("textbox", name="Introduction")).to_have_value(words)


def test_a_new_page_goes_on_being_saved_though_its_form_was_not_completed_at_once(admin: Page) -> None:
    words = "Written while the form lacked what a page that is there has, such as its history."
    start(admin, "/news/", "News article")
    admin.route(re.compile("_w_hydrate_create_view"), bad_gateway, times=1)
    name(admin, "Completed at the second try")
    expect(says_that_autosave_is(admin, "paused")).to_be_visible()
    admin.get_by_role("textbox", name="Introduction").fill(words)
    expect(says_that_autosave_is(admin, "saved")).to_be_visible()
    expect(admin.get_by_role("link", name="History")).to_be_visible()
    publish(admin)
    admin.goto("/news/completed-at-the-second-try/")
    expect(admin.get_by_role("article").get_by_text(words)).to_be_visible()


def says_that_autosave_is(admin: Page, state: str) -> Locator:
    """What stands above the form on its saves."""
    return admin.locator(f"#w-autosave-indicator[data-w-autosave-state-value='{state}']")
