"""How long the admin's pages take on a large site: `python -m tests.benchmarks.admin`.

Makes 100,000 pages beneath the news, 50,000 pictures and 1,000,000 subscribers, each with what belongs to it, among
the starting content. Then asks, as a superuser and as somebody who is editor, publisher and newsletter manager, for
every main address of the admin, with the settings of production: once for warming up, three times for the time.
Prints the middle time and the number of queries of each, and the slowest again. Ends with code 1 when one takes more
than the limit, or is not answered.

With --folder the database is kept there, and filled only once. With TEST_DATABASE_URL=postgres://... the pages are
asked for on that database, which must hold them: `manage.py move_database` brings them there from a folder's.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.sign_up import ROOT, milliseconds

LIMIT_MILLISECONDS = 1000.0
# How many are printed again.
SLOWEST = 10
ROLES = ("Editor", "Publisher", "Newsletter manager")


def prepare(folder: str) -> bool:
    """Set Django up on a database in a folder, or on TEST_DATABASE_URL. Returns whether it is still to be filled."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    database, elsewhere = Path(folder) / "site.sqlite3", os.environ.get("TEST_DATABASE_URL")
    is_new = not elsewhere and not database.exists()
    os.environ |= {
        "DATA_DIR": folder,
        "DATABASE_URL": elsewhere or f"sqlite:///{database}",
        "SITE_URL": "http://testserver",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    return is_new


def places() -> dict[str, str]:
    """The addresses that are asked for, by what they are."""
    from django.urls import reverse

    from core.models import SiteImage
    from home.models import HomePage
    from news.models import NewsArticlePage, NewsIndexPage
    from newsletter.models import Subscriber

    home, news = HomePage.objects.get().pk, NewsIndexPage.objects.get().pk
    article, picture = NewsArticlePage.objects.latest("pk").pk, SiteImage.objects.latest("pk").pk
    named = {
        "first page": ("wagtailadmin_home", [], ""),
        "explorer: root": ("wagtailadmin_explore_root", [], ""),
        "explorer: home": ("wagtailadmin_explore", [home], ""),
        "explorer: news": ("wagtailadmin_explore", [news], ""),
        "explorer: news, page 1,000": ("wagtailadmin_explore", [news], "?p=1000"),
        "explorer: news, by title": ("wagtailadmin_explore", [news], "?ordering=title"),
        "explorer: news, by status": ("wagtailadmin_explore", [news], "?ordering=live"),
        "explorer: news, to sort by hand": ("wagtailadmin_explore", [news], "?ordering=ord"),
        "explorer: search in news": ("wagtailadmin_explore", [news], "?q=rivers"),
        "search: a word on most pages": ("wagtailadmin_pages:search", [], "?q=rivers"),
        "search: two words": ("wagtailadmin_pages:search", [], "?q=rivers+housing"),
        "search: a rare word": ("wagtailadmin_pages:search", [], "?q=4711"),
        "search: nothing": ("wagtailadmin_pages:search", [], "?q=xylophone"),
        "page: edit": ("wagtailadmin_pages:edit", [article], ""),
        "page: edit the news index": ("wagtailadmin_pages:edit", [news], ""),
        "page: new": ("wagtailadmin_pages:add", ["news", "newsarticlepage", news], ""),
        "page: history": ("wagtailadmin_pages:history", [article], ""),
        "page: usage": ("wagtailadmin_pages:usage", [article], ""),
        "page: delete": ("wagtailadmin_pages:delete", [article], ""),
        "page: move": ("wagtailadmin_pages:move", [article], ""),
        "page: copy": ("wagtailadmin_pages:copy", [article], ""),
        "pages of a type": ("wagtailadmin_pages:type_use", ["news", "newsarticlepage"], ""),
        "sidebar: beneath news": ("wagtailadmin_api:pages:listing", [], f"?child_of={news}&for_explorer=1"),
        "choose a page: home": ("wagtailadmin_choose_page", [], ""),
        "choose a page: news": ("wagtailadmin_choose_page_child", [news], ""),
        "choose a page: search": ("wagtailadmin_choose_page_search", [], "?q=rivers"),
        "choose a picture": ("wagtailimages_chooser:choose", [], ""),
        "choose a picture: search": ("wagtailimages_chooser:choose_results", [], "?q=rivers"),
        "choose a document": ("wagtaildocs_chooser:choose", [], ""),
        "pictures": ("wagtailimages:index", [], ""),
        "pictures: page 1,000": ("wagtailimages:index", [], "?p=1000"),
        "pictures: search": ("wagtailimages:index", [], "?q=rivers"),
        "picture: edit": ("wagtailimages:edit", [picture], ""),
        "documents": ("wagtaildocs:index", [], ""),
        "redirects": ("wagtailredirects:index", [], ""),
        "redirects: search": ("wagtailredirects:index", [], "?q=old-77"),
        "users": ("wagtailusers_users:index", [], ""),
        "subscribers": ("newsletter_subscriber_modeladmin_index", [], ""),
        "subscribers: one state": ("newsletter_subscriber_modeladmin_index", [], "?state=unsubscribed"),
        "subscribers: page 5,000": ("newsletter_subscriber_modeladmin_index", [], "?p=5000"),
        "subscriber": ("newsletter_subscriber_modeladmin_inspect", [Subscriber.objects.latest("pk").pk], ""),
        "calendar": ("editorial-calendar", [], ""),
        "report: broken links": ("broken-links", [], ""),
        "report: broken links, search": ("broken-links", [], "?q=rivers"),
        "report: pages that need care": ("pages-that-need-care", [], ""),
        "report: pages, no picture": ("pages-that-need-care", [], "?lacks=picture&ordering=-review_by"),
        "report: review is due": ("pages-that-need-care", [], "?lacks=review"),
        "report: feedback": ("feedback-report", [], ""),
        "report: searches": ("searches_report", [], ""),
        "report: site history": ("wagtailadmin_reports:site_history", [], ""),
        "report: ageing pages": ("wagtailadmin_reports:aging_pages", [], ""),
        "report: page types": ("wagtailadmin_reports:page_types_usage", [], ""),
        "report: locked pages": ("wagtailadmin_reports:locked_pages", [], ""),
        "report: workflows": ("wagtailadmin_reports:workflow", [], ""),
        "report: workflow tasks": ("wagtailadmin_reports:workflow_tasks", [], ""),
    }
    return {what: reverse(name, args=arguments) + rest for what, (name, arguments, rest) in named.items()}


def clients() -> dict[str, Any]:
    """Browsers in which people are logged in, by who they are."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    users = get_user_model()._default_manager
    editor, _ = users.get_or_create(username="editor")
    editor.groups.set(Group.objects.filter(name__in=ROLES))
    made = {"superuser": (users.get(username="benchmark")), "roles": editor}
    browsers = {name: Client() for name in made}
    for name, user in made.items():
        browsers[name].force_login(user)
    return browsers


def measure(client: Any, address: str, rounds: int) -> tuple[int, float, int, float]:
    """Status, middle time in milliseconds, number of queries, and the processor's part of that time.

    The database is SQLite, within this process: on a machine that has other work too, the processor's time tells more.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = len(captured)  # before the next request forgets them
    answers: list[int] = []
    began = time.process_time()
    times = [milliseconds(lambda: answers.append(client.get(address).status_code)) for _ in range(rounds)]
    processor = (time.process_time() - began) * 1000 / rounds
    return answers[-1], statistics.median(times), queries, processor


def slow_queries(client: Any, address: str) -> list[str]:
    """The queries of an address that take longest, with their seconds."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    slowest = sorted(captured.captured_queries, key=lambda query: -float(query["time"]))[:3]
    return [
        f"{query['time']} s  {re.sub(r'SELECT .*? FROM', 'SELECT … FROM', query['sql'])[:600]}" for query in slowest
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000, help="how many pages (default: %(default)s)")
    parser.add_argument("--pictures", type=int, default=50_000, help="how many pictures (default: %(default)s)")
    parser.add_argument("--subscribers", type=int, default=1_000_000, help="how many (default: %(default)s)")
    parser.add_argument("--folder", help="where to keep the database for another run (default: nowhere)")
    parser.add_argument("--fill-only", action="store_true", help="make the database and ask for nothing")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked for (default: %(default)s)")
    parser.add_argument("--explain", action="store_true", help="print the slowest queries of what is above the limit")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="admin-benchmark-") as folder:
        if prepare(arguments.folder or folder):
            from tests.benchmarks.many_records import fill

            took = milliseconds(lambda: fill(arguments.pages, arguments.pictures, arguments.subscribers)) / 1000
            print(f"filled in {took:.0f} s")
        return 0 if arguments.fill_only else ask_all(arguments.rounds, arguments.explain)


def ask_all(rounds: int, explain: bool) -> int:
    """Ask for everything, print what it took, the slowest again, and say whether all of it was quick enough."""
    results = []
    for who, client in clients().items():
        for what, address in places().items():
            status, middle, queries, processor = measure(client, address, rounds)
            line = f"{middle:7.0f} ms (processor {processor:5.0f})  {queries:3} queries  {status}  {who:9}  {what}"
            print(line, flush=True)
            if explain and middle > LIMIT_MILLISECONDS:
                print("\n".join(f"        {query}" for query in slow_queries(client, address)), flush=True)
            results.append((middle, status, line))
    results.sort(reverse=True)
    print(f"\nThe slowest of {len(results)}; the limit is {LIMIT_MILLISECONDS:.0f} ms")
    print("\n".join(line for _, _, line in results[:SLOWEST]))
    # What a role may not open leads back to the first page.
    is_answered = all(status in (200, 302) for _, status, _ in results)
    return 0 if is_answered and results[0][0] <= LIMIT_MILLISECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
