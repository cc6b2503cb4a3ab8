"""Whether the time of an answer tells who is on the list: `python tests/benchmarks/same_answer.py`.

Sends sign-ups of addresses that are unknown, subscribed, unsubscribed and erased, in turn and each address once,
through Django's whole stack on a SQLite file with the settings of production. Status, body and headers must be equal
and the medians within 5% of each other; ends with code 1 when they are not.
"""

import argparse
import gc
import random
import statistics
import sys
import tempfile
from typing import Any

if __package__:
    from tests.benchmarks.sign_up import milliseconds, prepare
else:
    from sign_up import milliseconds, prepare  # ty: ignore[unresolved-import]

MOST_APART = 0.05
WARM_UP = 20
GROUPS = ("unknown", "subscribed", "unsubscribed", "erased")


def address(group: str, number: int) -> str:
    return f"person{number}@{group}.example.org"


def add_people(count: int) -> None:
    """People of each group but the unknown."""
    from django.utils import timezone

    from newsletter.hashes import erased_keys
    from newsletter.models import Subscriber
    from newsletter.states import State

    people = []
    for number in range(count):
        for group in ("subscribed", "unsubscribed"):
            email = address(group, number)
            people.append(Subscriber(email=email, email_key=email, first_name="Ada", state=State(group)))
        hashed = erased_keys(address("erased", number))[0]
        people.append(Subscriber(email="", email_key=hashed, state=State.ERASED, signed_up_at=timezone.now()))
    Subscriber.objects.bulk_create(people, batch_size=1000)


def measure(count: int) -> tuple[dict[str, list[float]], set[tuple[Any, ...]]]:
    """Times of each group in milliseconds, and the different answers that were seen."""
    from django.test import Client

    client = Client()
    times: dict[str, list[float]] = {group: [] for group in GROUPS}
    answers = set()
    gc.disable()  # a collection hits whichever group is at it
    for number in range(count + WARM_UP):
        order = random.sample(GROUPS, len(GROUPS))  # no group always follows the same
        for group in order:
            data = {"email": address(group, number), "first_name": "Ada"}
            seen = []
            took = milliseconds(lambda data=data, seen=seen: seen.append(client.post("/newsletter/", data)))
            answers.add((seen[0].status_code, tuple(sorted(seen[0].items())), seen[0].content))
            if number >= WARM_UP:
                times[group].append(took)
        gc.collect(0)
    return times, answers


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="addresses of each group (default: %(default)s)")
    count = parser.parse_args().count
    with tempfile.TemporaryDirectory(prefix="same-answer-benchmark-") as folder:
        prepare(folder)
        add_people(count + WARM_UP)
        times, answers = measure(count)
    medians = {group: statistics.median(times[group]) for group in GROUPS}
    for group, median in medians.items():
        print(
            f"{group:13} median {median:.2f} ms, 95th percentile {statistics.quantiles(times[group], n=20)[-1]:.2f} ms"
        )
    apart = max(medians.values()) / min(medians.values()) - 1
    print(f"medians are {apart:.1%} apart (limit: {MOST_APART:.0%}); different answers: {len(answers)} (limit: 1)")
    return 0 if apart <= MOST_APART and len(answers) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
