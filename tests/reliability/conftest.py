"""A migrated database to copy, and a site on a copy of it."""

from collections.abc import Callable, Iterator

import pytest

from tests.mailchimp_sandbox import Sandbox
from tests.reliability.databases import POSTGRES, Database, copied, new_database, removed
from tests.reliability.processes import ROOT, Site, free_port


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The static files that gunicorn asks for at its start, as `script/serve` collects them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "script" / "support"))
        import serve

        folder = tmp_path_factory.mktemp("static")
        serve.collect_static({"DJANGO_SETTINGS_MODULE": "config.settings.production", "DATA_DIR": str(folder)})


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database with all migrations, made by the site's own `migrate`."""
    folder = tmp_path_factory.mktemp("template")
    database = new_database(f"reliability_{free_port()}", folder, POSTGRES)
    Site(database, folder, Sandbox()).manage("migrate", "--no-input", "--verbosity", "0")
    yield database
    removed(database)


@pytest.fixture(scope="module")
def new_site(
    template: Database, collected_static: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Site]]:
    """Make a site on a database of its own; keywords are settings of its processes."""
    made: list[Site] = []

    def make(mailchimp: Sandbox, **settings: str) -> Site:
        folder = tmp_path_factory.mktemp("site")
        site = Site(copied(template, f"reliability_{free_port()}", folder), folder, mailchimp, **settings)
        made.append(site)
        return site

    yield make
    for site in made:
        site.end_all()
        removed(site.database)


@pytest.fixture
def mailchimp() -> Iterator[Sandbox]:
    """A stand-in with double opt-in."""
    with Sandbox(double_optin=True) as sandbox:
        yield sandbox


@pytest.fixture
def site(new_site: Callable[..., Site], mailchimp: Sandbox) -> Iterator[Site]:
    """A site connected to the stand-in, with nothing running yet."""
    made = new_site(mailchimp)
    yield made
    made.end_all()
