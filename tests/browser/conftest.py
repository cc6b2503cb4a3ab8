"""A running site, as `script/serve` starts it, and a browser to use it with."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Response, expect, sync_playwright

from tests.mailchimp_sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 180
# Told of a failed walk.
LINES_OF_LOG = 60
LONGEST_REFUSAL = 300
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


# The mark of each module here.
IN_A_BROWSER = [pytest.mark.browser, pytest.mark.needs("chromium")]


@dataclass(frozen=True)
class RunningSite:
    """The site's address, the stand-in that it is connected to, and a login for editing."""

    url: str
    mailchimp: Sandbox
    username: str
    password: str
    data_dir: Path
    preferences: str  # the address of a subscriber's own page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """Start the site with `script/serve`, with its starting content, and end it afterwards."""
    data_dir = tmp_path_factory.mktemp("running-site")
    port = _free_port()
    with Sandbox(double_optin=True) as mailchimp:
        environment = {name: value for name, value in os.environ.items() if name not in _OURS} | {
            "DATA_DIR": str(data_dir),
            "MAILCHIMP_API_KEY": mailchimp.api_key,
            "MAILCHIMP_AUDIENCE_ID": mailchimp.audience_id,
            "MAILCHIMP_BASE_URL": mailchimp.base_url,
            "WEB_CONCURRENCY": "1",
            "LOG_LEVEL": "INFO",
            "PYTHON": sys.executable,
        }
        command = [str(ROOT / "script" / "serve"), "--port", str(port)]
        log = data_dir / "serve.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            printed = _wait_for(process, log)
            login = re.search(r"user name: (\S+)\s+password: (\S+)", printed)
            assert login, f"no login was printed:\n{printed}"
            url = f"http://127.0.0.1:{port}"
            preferences = _furnish(environment)
            yield RunningSite(url, mailchimp, login[1], login[2], data_dir, preferences)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=40)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Ended with this folder: its event loop would make Django refuse other tests' queries."""
    path = next((path for path in CHROMIUM if Path(path).exists()), None)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


REFUSED = pytest.StashKey[list[Response | Request]]()


@pytest.fixture
def new_context(
    browser: Browser, site: RunningSite, request: pytest.FixtureRequest
) -> Iterator[Callable[..., BrowserContext]]:
    """Make visitors: each call gives a browser window without any past. Keywords go to Playwright."""
    contexts = []
    refused = request.node.stash.setdefault(REFUSED, [])
    expect.set_options(timeout=30_000)  # on a busy machine a form takes its time to save by itself, at the second try

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=site.url, **options)
        context.set_default_timeout(30_000)
        context.on("requestfailed", lambda failed: refused.append(failed))  # no builtin: Playwright marks it
        context.on("response", lambda response: refused.append(response) if response.status >= 400 else None)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say beside a failed walk what the site refused and logged lately: the page alone rarely tells why.

    The page, which Playwright tells in hundreds of lines, comes last.
    """
    site = getattr(item, "funcargs", {}).get("site")
    tells = call.when == "call" and call.excinfo and site
    page = _take_page_out(call.excinfo.value) if tells else ""
    report = yield
    if tells and report.failed:
        refused = "\n".join(map(_refusal, item.stash.get(REFUSED, [])))
        report.sections += [
            ("refused by the site", refused),
            ("the site's log", _latest_of_log(site)),
            ("the page", page),
        ]
    return report


def _take_page_out(error: BaseException) -> str:
    message, begin, page = str(error).partition("Aria snapshot:")
    if begin:
        error.args = (message,)
    return page


def _latest_of_log(site: RunningSite) -> str:
    lines = (site.data_dir / "serve.log").read_text().splitlines()
    return "\n".join([line for line in lines if '"path": "/static/' not in line][-LINES_OF_LOG:])


def _refusal(asked: Response | Request) -> str:
    if isinstance(asked, Request):
        return f"{asked.method} {asked.url}: {asked.failure}"
    try:
        words = asked.text()[:LONGEST_REFUSAL]
    except Error as error:  # the page has gone elsewhere since
        words = str(error)
    return f"{asked.request.method} {asked.url}: {asked.status} {words}"


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A visitor's page on a wide screen."""
    return new_context(viewport={"width": 1280, "height": 900}).new_page()


@pytest.fixture
def admin(new_context: Callable[..., BrowserContext], site: RunningSite) -> Page:
    """The page of an editor who has just logged in."""
    page = new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto("/admin/login/")
    page.locator("#id_username").fill(site.username)
    page.locator("#id_password").fill(site.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def until(condition: Callable[[], Any], seconds: float) -> Any:
    """Wait for something to become true and give it; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.1)
    return result


_OURS = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "SECRET_KEY", "SITE_URL", "ENV_FILE"}


def _free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _furnish(environment: dict[str, str]) -> str:
    """Put more into the running site, and give the address of its subscriber's own page."""
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v0", "-c"]
    done = subprocess.run(
        [*command, "from tests.browser.furnish import furnish; furnish()"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()[-1]


def _wait_for(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the site says where it is."""
    deadline = time.monotonic() + START_SECONDS
    while "Ctrl-C ends everything" not in (printed := log.read_text()):
        assert process.poll() is None, f"script/serve ended with {process.returncode}:\n{printed}"
        assert time.monotonic() < deadline, f"script/serve did not start within {START_SECONDS} s:\n{printed}"
        time.sleep(0.2)
    return printed
