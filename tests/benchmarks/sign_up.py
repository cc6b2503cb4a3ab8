"""How long a sign-up takes: `python tests/benchmarks/sign_up.py`.

Sends sign-ups through Django's whole stack (middleware, view, transaction, wake-up task) on a SQLite file with
the settings of production, each followed by a request to a bare Django view through the same middleware, so
that both saw the same machine. Prints the medians and their ratio. Ends with code 1 above the limit.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_MILLISECONDS = 50.0
WARM_UP = 20


def milliseconds(function: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    function()
    return (time.perf_counter() - began) * 1000


def prepare(folder: str) -> None:
    """Set Django up on an empty database in a folder of its own."""
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    os.environ |= {
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "SITE_URL": "http://testserver",
        "SIGNUP_LIMIT_PER_IP": "0",
        "SIGNUP_LIMIT_GLOBAL": "0",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def measure(count: int) -> tuple[list[float], list[float]]:
    """Times of sign-ups and of a bare view, taken in turn."""
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.urls import path

    from config import urls

    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    urls.urlpatterns.insert(0, path("bare/", bare))
    client = Client()

    def sign_up(number: int) -> None:
        answer = client.post("/newsletter/", {"email": f"person{number}@example.org", "first_name": "Ada"})
        if answer.status_code != 303:
            raise SystemExit(f"a sign-up was answered with {answer.status_code}")

    sign_ups, bares = [], []
    for number in range(count + WARM_UP):
        took = milliseconds(lambda number=number: sign_up(number)), milliseconds(lambda: client.get("/bare/"))
        if number >= WARM_UP:
            sign_ups.append(took[0])
            bares.append(took[1])
    return sign_ups, bares


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500, help="how many sign-ups (default: %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sign-up-benchmark-") as folder:
        prepare(folder)
        sign_ups, bares = measure(arguments.count)
    median, bare = statistics.median(sign_ups), statistics.median(bares)
    print(f"sign-up:    median {median:.1f} ms, 95th percentile {statistics.quantiles(sign_ups, n=20)[-1]:.1f} ms")
    print(f"bare view:  median {bare:.1f} ms")
    print(f"ratio:      {median / bare:.1f}")
    print(f"limit:      {LIMIT_MILLISECONDS:.0f} ms")
    return 0 if median < LIMIT_MILLISECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
