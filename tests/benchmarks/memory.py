"""How much memory a web process takes after 1,000 requests: `python tests/benchmarks/memory.py`.

Starts gunicorn as in production with one web process and a data folder of its own, asks for every page of the
site map again and again from as many clients as there are threads, and reads the process's memory from /proc
(Linux). Ends with code 1 above the limit.
"""

import argparse
import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MEGABYTES = 200
CLIENTS = 8


def get(port: int, path: str) -> tuple[int, bytes]:
    """Ask for a page; give status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def wait_until_ready(port: int, seconds: float = 60) -> None:
    """Wait for the site to answer.

    Raises:
        TimeoutError: when it does not within the time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if get(port, "/health/ready/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the site did not answer")


def paths_of_the_site(port: int) -> list[str]:
    """Read the paths of all pages from the site map."""
    _, body = get(port, "/sitemap.xml")
    return [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", body.decode())]


def web_process(master: int) -> int:
    """Find the one process that gunicorn's first process has started."""
    return int(Path(f"/proc/{master}/task/{master}/children").read_text().split()[0])


def megabytes(pid: int) -> dict[str, float]:
    """Read a process's memory: resident, and its own part of it where pages are shared with others."""
    fields = re.findall(r"^(Rss|Pss): +(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return {name: int(kilobytes) / 1024 for name, kilobytes in fields}


def measure(requests: int) -> float:
    """Run the benchmark and print what was found; give the resident memory at the end, in megabytes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory() as data_dir:
        environment = os.environ | {
            "DATA_DIR": data_dir,
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SITE_URL": f"http://127.0.0.1:{port}",
            "LOG_LEVEL": "CRITICAL",
            "WEB_CONCURRENCY": "1",
        }
        for command in (["collectstatic", "--no-input", "--verbosity", "0"], ["set_up"]):
            manage = [sys.executable, "manage.py", *command]
            subprocess.run(manage, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=environment,
        )
        try:
            wait_until_ready(port)
            return _load(port, requests, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def _load(port: int, requests: int, master: int) -> float:
    paths = paths_of_the_site(port)
    process = web_process(master)
    before = megabytes(process)
    start = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = itertools.islice(itertools.cycle(paths), requests)
        answers = list(pool.map(lambda path: (path, get(port, path)[0]), asked))
    seconds = time.monotonic() - start
    after = megabytes(process)
    print(f"{requests} requests for {len(paths)} pages in {seconds:.1f} s")
    print(f"resident memory {before['Rss']:.0f} MB at the start, {after['Rss']:.0f} MB at the end")
    print(f"its own part where pages are shared: {before['Pss']:.0f} MB, {after['Pss']:.0f} MB")
    if failed := sorted({path for path, status in answers if status != 200}):
        raise RuntimeError(f"the figure means nothing, as these did not answer with 200: {' '.join(failed)}")
    return after["Rss"]


def main() -> int:
    """Read the command line, measure, and compare with the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=1000, help="default: %(default)s")
    try:
        found = measure(parser.parse_args().requests)
    except (RuntimeError, TimeoutError) as error:
        print(f"benchmark failed: {error}", file=sys.stderr)
        return 2
    print(f"limit {LIMIT_MEGABYTES} MB: {'kept' if found <= LIMIT_MEGABYTES else 'EXCEEDED'}")
    return 0 if found <= LIMIT_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
