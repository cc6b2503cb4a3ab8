"""How fast a kept page is: `python -m tests.benchmarks.page_cache`.

One gunicorn process with the site's own configuration for each of: the site, a bare WSGI function that gives the same
bytes and headers, and Django's "hello" with the default middleware. They are loaded in turn, round after round, and
the medians of the rounds are compared. Ends with code 1 when a kept page is slower than 0.90 of the bare function or
1.7 of "hello", when a 304 is slower than the page, or when memory grows.
"""

import argparse
import contextlib
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks import load

ROOT = Path(__file__).resolve().parents[2]
BARE, HELLO = 0.90, 1.7
# Kilobytes by which a process may grow while pages are answered from memory.
MOST_GROWTH = 4096
ANSWER = "PAGE_CACHE_BENCHMARK_ANSWER"
BROWSER = {"Accept": "text/html", "Accept_Encoding": "gzip, deflate, br", "User_Agent": "Mozilla/5.0 (benchmark)"}
# Written by gunicorn itself.
OF_GUNICORN = {"server", "date", "connection", "transfer-encoding"}


def bare() -> Any:
    """The WSGI function that gives the bytes and headers found in the file that the environment names."""
    head, _, body = Path(os.environ[ANSWER]).read_bytes().partition(load.END_OF_HEADERS)
    headers = [tuple(line.split(": ", 1)) for line in head.decode().split("\r\n")]

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", headers)
        return [body]

    return application


@contextlib.contextmanager
def served(port: int, folder: str, application: str = "", **settings: str) -> Iterator[int]:
    """One gunicorn process for the length of a `with` block; gives its process id."""
    environment = os.environ | {
        "DATA_DIR": folder,
        "ENV_FILE": os.devnull,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}",
        **settings,
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, *([application] if application else [])], cwd=ROOT, env=environment)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                get(port, "/health/live/")
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def memory_of(pid: int) -> int:
    """Kilobytes that the processes started by a process keep in memory (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    lines = "".join(Path(f"/proc/{child}/status").read_text() for child in children).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def processor_of(pid: int) -> float:
    """Seconds of a processor that the processes started by a process have taken (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    fields = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def manage(folder: str, *arguments: str) -> None:
    settings = os.environ | {"DATA_DIR": folder, "ENV_FILE": os.devnull}
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=settings, check=True, capture_output=True)


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=8, help="visitors at once (default: %(default)s)")
    parser.add_argument("--path", default="/", help="the page (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8570, help="the first of three ports (default: %(default)s)")
    return parser.parse_args()


def measure(options: argparse.Namespace, folder: str) -> tuple[dict[str, float], dict[str, float], int]:
    """Requests a second of each, as the median of the rounds, microseconds of a processor that one takes there, and the
    kilobytes by which the site's process grew.
    """
    site, plain, hello = options.port, options.port + 1, options.port + 2
    with contextlib.ExitStack() as stack:
        pid = stack.enter_context(served(site, folder))
        for _ in range(3):
            status, headers, body = get(site, options.path, **BROWSER)
        assert status == 200 and "hit" in headers["Cache-Status"], headers
        kept = [f"{name}: {value}" for name, value in headers.items() if name.lower() not in OF_GUNICORN]
        answer = Path(folder) / "answer"
        answer.write_bytes("\r\n".join(kept).encode() + load.END_OF_HEADERS + body)
        names = {ANSWER: str(answer)}
        hellos = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.hello"}
        pids = {
            site: pid,
            plain: stack.enter_context(served(plain, folder, "tests.benchmarks.page_cache:bare()", **names)),
            hello: stack.enter_context(served(hello, folder, "tests.benchmarks.hello:start()", **hellos)),
        }
        odd = f"{options.path}?{urlencode({'utm_source': 'x' * 20, 'fbclid': 'y' * 20})}"
        requests = {
            "bare function": (plain, load.request_for(plain, options.path, **BROWSER)),
            "kept page": (site, load.request_for(site, options.path, **BROWSER)),
            "kept page, 304": (site, load.request_for(site, options.path, **BROWSER, If_None_Match=headers["ETag"])),
            "kept page, odd query": (site, load.request_for(site, odd, **BROWSER)),
            'Django "hello"': (hello, load.request_for(hello, "/", **BROWSER)),
        }
        for port, request in requests.values():
            load.run(port, request, options.seconds / 2, options.connections)
        rates: dict[str, list[float]] = {name: [] for name in requests}
        taken, counts = dict.fromkeys(requests, 0.0), dict.fromkeys(requests, 0)
        before = memory_of(pid)
        for _ in range(options.rounds):
            for name, (port, request) in requests.items():
                began = processor_of(pids[port])
                result = load.run(port, request, options.seconds, options.connections)
                taken[name] += processor_of(pids[port]) - began
                counts[name] += len(result.waits)
                assert set(result.statuses) == {"304" if "304" in name else "200"}, (name, result.statuses)
                rates[name].append(result.per_second)
        grown = memory_of(pid) - before
    medians = {name: statistics.median(values) for name, values in rates.items()}
    return medians, {name: taken[name] / counts[name] * 1e6 for name in requests}, grown


def main() -> int:
    options = parsed()
    with tempfile.TemporaryDirectory(prefix="page-cache-benchmark-") as folder:
        manage(folder, "migrate", "--no-input", "--verbosity", "0")
        manage(folder, "load_content")
        rates, takes, grown = measure(options, folder)
    reference = rates["bare function"]
    for name, rate in rates.items():
        share = f"{rate / reference:5.2f} of the bare function"
        print(f"{name:22} {rate:8.0f} a second   {share}   {takes[name]:6.0f} µs of a processor each")
    to_hello = rates["kept page"] / rates['Django "hello"']
    print(f'kept page: {to_hello:.2f} times Django\'s "hello"; memory grew by {grown} KB')
    held = (
        rates["kept page"] >= BARE * reference
        and to_hello >= HELLO
        and rates["kept page, 304"] >= rates["kept page"] * 0.98
        and grown <= MOST_GROWTH
    )
    print("held" if held else "MISSED")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
