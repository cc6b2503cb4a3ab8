"""Take the pictures of the guide for people who write: `python -m tests.pictures [--site ADDRESS] [--login FILE]`.

The site is one that `script/serve` has started on its starting content. What the pictures need is made there first:
a few sign-ups, a shared draft, a page in the bin. So use a site of its own, not one that somebody works on.
"""

import argparse
import io
import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
VIEW = {"width": 1280, "height": 800}
# Pixels across in the guide.
WIDTH, QUALITY = 960, 60


def take(page: Page, name: str) -> None:
    """Keep what the window shows under a name."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # panels slide
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    height = round(picture.height * WIDTH / picture.width)
    picture.resize((WIDTH, height), Image.Resampling.LANCZOS).save(PICTURES / f"{name}.webp", quality=QUALITY, method=6)
    print(f"docs/pictures/{name}.webp")


def sign_in(page: Page, login: Path) -> None:
    words = login.read_text()
    page.goto("/admin/login/")
    for field, label in (("#id_username", "user name"), ("#id_password", "password")):
        found = re.search(rf"{label}\W+(\S+)", words, re.IGNORECASE)
        assert found is not None, f"{login} has no {label}"
        page.locator(field).fill(found[1])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


def open_page(page: Page, title: str) -> None:
    """Open the form of a page by its title."""
    page.goto(f"/admin/pages/search/?q={title}")
    page.get_by_role("link", name=f"Edit '{title}'").or_(page.get_by_role("link", name=title, exact=True)).first.click()
    page.wait_for_selector("#id_title")


def first_page(page: Page) -> None:
    page.goto("/admin/")
    take(page, "first-page")


def write_menu(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_role("button", name="Write").click()
    take(page, "write-menu")


def case_story(page: Page) -> None:
    open_page(page, "Food and Cornwall")
    page.get_by_role("button", name="Toggle checks").click()
    take(page, "checks")
    page.get_by_role("button", name="Toggle checks").click()
    page.get_by_role("button", name="More actions").click()
    take(page, "publish")


def calendar(page: Page) -> None:
    page.goto("/admin/calendar/")
    take(page, "calendar")


def care(page: Page) -> None:
    page.goto("/admin/reports/pages-that-need-care/")
    take(page, "pages-that-need-care")


def mailing_list(page: Page) -> None:
    for name in ("ada", "grace", "mary"):
        page.goto("/newsletter/")
        page.locator("main input[name=email]").fill(f"{name}@example.org")
        page.locator("main form[data-sign-up] button[type=submit]").click()
        page.wait_for_url("**/thank-you/")
    page.wait_for_timeout(3000)  # the worker passes them on
    page.goto("/admin/newsletter/subscriber/")
    take(page, "mailing-list")


SHOTS: list[Callable[[Page], None]] = [first_page, write_menu, case_story, calendar, care, mailing_list]


def _chromium() -> str:
    return next(path for path in CHROMIUM if Path(path).exists())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://127.0.0.1:8000", help="its address (default: %(default)s)")
    parser.add_argument("--login", type=Path, default=ROOT / "var" / "editor-login.txt", help="default: %(default)s")
    asked = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        page = browser.new_context(base_url=asked.site, viewport=VIEW, color_scheme="light").new_page()
        sign_in(page, asked.login)
        for shot in SHOTS:
            shot(page)
        browser.close()


if __name__ == "__main__":
    main()
