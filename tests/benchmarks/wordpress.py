"""How long a WordPress site takes to come over, and how much memory: `python tests/benchmarks/wordpress.py`.

Makes an export of 200 posts (tests/wordpress/old_site.py) and brings it over, with the settings of production, into a
site with its starting content, twice. Prints times and memory (Linux). Ends with code 1 above a limit, when the second
run changes anything, or when a script or a style of the old site is left in a text.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

LIMIT_SECONDS = 60
LIMIT_MEGABYTES = 300
TABLES = ("wagtailcore", "wagtailredirects", "news", "programmes", "home", "core.SiteImage", "core.SiteDocument")
# What would be left of an old page's scripts, styles and spam.
FOREIGN = r"<script|<style|style=|onclick|onerror|javascript:|viagra|pills\.example|position: ?absolute"


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of the site; give what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def state(environment: dict[str, str], *more: str) -> str:
    """What is in the tables of pages, redirects and files, and in others that are named."""
    return manage(environment, "dumpdata", *TABLES, *more)


def processor_seconds() -> float:
    """What the commands have taken of a processor so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(posts: int) -> bool:
    """Run the benchmark and print what was found; give whether all limits were kept."""
    from tests.wordpress.old_site import build

    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DATA_DIR": folder,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "LOG_LEVEL": "CRITICAL",
        }
        manage(environment, "set_up")
        before_all = len(re.findall(FOREIGN, state(environment)))
        site = build(posts)
        export, media = site.write(Path(folder) / "old")
        command = ("import_wordpress", str(export), "--media", str(media))
        start, worked = time.monotonic(), processor_seconds()
        said = manage(environment, *command)
        seconds, worked = time.monotonic() - start, processor_seconds() - worked
        print(said[said.index("items in the export") - 8 :])
        before = state(environment, "wordpress")
        again = manage(environment, *command)
        changed = state(environment, "wordpress") != before
        foreign = len(re.findall(FOREIGN, state(environment))) - before_all
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    is_whole = f"{len(site.items):7} items" in said and "brought over\n" not in again
    print(
        f"{len(site.items)} items in {seconds:.1f} s (limit {LIMIT_SECONDS}), {worked:.1f} s of it at work, "
        f"at most {megabytes:.0f} MB (limit {LIMIT_MEGABYTES})"
    )
    print(f"second run: {'CHANGED something' if changed else '0 changes'}; foreign markup or spam: {foreign}")
    return seconds <= LIMIT_SECONDS and megabytes <= LIMIT_MEGABYTES and is_whole and not changed and not foreign


def main() -> int:
    """Read the command line, measure, and compare with the limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--posts", type=int, default=200, help="default: %(default)s")
    return 0 if measure(parser.parse_args().posts) else 1


if __name__ == "__main__":
    sys.exit(main())
