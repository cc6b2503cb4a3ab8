"""How fast pictures are answered, from a folder and from a bucket: `python -m tests.benchmarks.pictures`.

One gunicorn process with the site's own configuration for each, loaded in turn; the bucket is on the same machine, so
what a network adds is not in it. What a reader's browser or a CDN has kept never comes here.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import load
from tests.benchmarks.page_cache import memory_of, processor_of, served
from tests.s3_server import S3Server

NAME = "images/v0123456789-map.webp"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kilobytes", type=int, default=60, help="of the picture (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=8, help="visitors at once (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8570, help="the first of two ports (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pictures-benchmark-") as folder:
        server = S3Server(Path(folder) / "buckets").start()
        picture = os.urandom(options.kilobytes * 1024)
        for place in (Path(folder) / "media", server.bucket):
            (place / NAME).parent.mkdir(parents=True)
            (place / NAME).write_bytes(picture)
        try:
            with (
                served(options.port, folder) as from_folder,
                served(options.port + 1, folder, MEDIA_STORAGE_URL=server.url) as from_bucket,
            ):
                compare({"folder": (options.port, from_folder), "bucket": (options.port + 1, from_bucket)}, options)
        finally:
            server.stop()
    return 0


def compare(places: dict[str, tuple[int, int]], options: argparse.Namespace) -> None:
    """Load each place, given by port and process id, in turn, and print what came of it."""
    rates: dict[str, list[float]] = {name: [] for name in places}
    waits: dict[str, list[float]] = {name: [] for name in places}
    taken = dict.fromkeys(places, 0.0)
    for _ in range(options.rounds):
        for name, (port, pid) in places.items():
            began = processor_of(pid)
            result = load.run(port, load.request_for(port, f"/media/{NAME}"), options.seconds, options.connections)
            assert set(result.statuses) == {"200"}, (name, result.statuses)
            taken[name] += processor_of(pid) - began
            rates[name].append(result.per_second)
            waits[name] += result.waits
    for name, (_, pid) in places.items():
        p95 = statistics.quantiles(waits[name], n=20)[-1] * 1000
        each = taken[name] / len(waits[name]) * 1e6
        print(
            f"{name:8} {statistics.median(rates[name]):6.0f} a second   p95 {p95:6.1f} ms"
            f"   {each:6.0f} µs of a processor each   {memory_of(pid) / 1024:.0f} MB"
        )


if __name__ == "__main__":
    sys.exit(main())
