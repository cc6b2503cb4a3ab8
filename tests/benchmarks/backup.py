"""A backup while sign-ups pour in, and the way back: `python -m tests.benchmarks.backup [--database postgres://…]`.

Makes 10,000 pages and 1 GB of files, starts gunicorn, worker and the stand-in for Mailchimp, lets 50 people a second
sign up, and backs up in the middle, encrypted. Then brings the backup back to an empty site beside it. Prints how long
both took and the most memory (Linux); beside it, copying the same files and no more. Ends with code 1 when somebody is
missing who was thanked before the backup began, or an answer was no thanks.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.benchmarks.load_sign_up import Load, pour, running_site
from tests.reliability.databases import new_database, removed
from tests.reliability.processes import ROOT, Site, free_port

KEY = "a key for the benchmark, long enough"
MEGABYTE = 1024 * 1024
FILE_BYTES = MEGABYTE // 2
MAKE_PAGES = "import django; django.setup(); from tests.benchmarks.sitemap import make_pages; make_pages({})"


def run(site: Site, *command: str) -> tuple[float, float]:
    """Run Python in the site's environment. Gives the seconds it took and the most megabytes.

    Raises:
        SystemExit: it failed.
    """
    began = time.monotonic()
    environment = site.environment | {"PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}", "BACKUP_KEY": KEY}
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} failed")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def make_files(folder: Path, megabytes: int) -> None:
    """Files that cannot be compressed, as pictures cannot."""
    folder.mkdir(parents=True)
    for number in range(megabytes * MEGABYTE // FILE_BYTES):
        (folder / f"picture-{number}.jpg").write_bytes(os.urandom(FILE_BYTES))


def measure(site: Site, backups: Path, rate: float, seconds: float) -> tuple[set[str], float, float, Load]:
    """Back up in the middle of the pouring. Gives who was there before, seconds, megabytes, and what visitors met."""
    loads: list[Load] = []
    pouring = threading.Thread(target=lambda: loads.append(asyncio.run(pour(site.port, rate, seconds))))
    pouring.start()
    time.sleep(seconds / 4)
    before = site.subscribers()
    took, memory = run(site, "manage.py", "backup", "--to", str(backups))
    print(f"still pouring when it ended: {'yes' if pouring.is_alive() else 'no'}")
    pouring.join()
    return before, took, memory, loads[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="the URL of a PostgreSQL database (default: SQLite)")
    parser.add_argument("--pages", type=int, default=10_000, help="how many (default: %(default)s)")
    parser.add_argument("--megabytes", type=int, default=1024, help="of files (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=50, help="sign-ups a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long (default: %(default)s)")
    asked = parser.parse_args()
    with running_site(asked.database) as site, tempfile.TemporaryDirectory(prefix="backup-") as name:
        folder = Path(name)
        run(site, "-c", MAKE_PAGES.format(asked.pages))
        make_files(site.folder / "media" / "original_images", asked.megabytes)
        began = time.monotonic()
        shutil.copytree(site.folder / "media", folder / "copied")
        os.sync()
        copying = time.monotonic() - began
        shutil.rmtree(folder / "copied")
        site.start_web()
        site.start_worker()
        before, took, memory, load = measure(site, folder / "backups", asked.rate, asked.seconds)
        site.end_all()
        [backup] = (folder / "backups").glob("backup-*.sealed")
        there = Site(new_database(f"restored_{free_port()}", folder, asked.database), folder / "there", site.mailchimp)
        there.folder.mkdir()
        restoring, restoring_memory = run(there, "manage.py", "restore", str(backup))
        missing = before - there.subscribers()
        pages = there.database.value("SELECT count(*) FROM wagtailcore_page")
        removed(there.database)
    print(f"machine:   {os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")
    print(f"visitors:  {load}")
    print(f"copying the files alone: {copying:.1f} s")
    print(f"backup:    {took:.1f} s ({took / copying:.1f} times that), {memory:.0f} MB of memory at most")
    print(f"restore:   {restoring:.1f} s ({restoring / copying:.1f} times that), {restoring_memory:.0f} MB at most")
    print(f"brought back: {pages} pages; {len(before)} people were thanked before, of whom {len(missing)} are missing")
    return 0 if before and not missing and set(load.ends) == {"303"} else 1


if __name__ == "__main__":
    sys.exit(main())
