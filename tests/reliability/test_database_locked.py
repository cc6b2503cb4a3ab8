"""Another process (this one) holds the lock: for a while the form waits, for longer it says so and loses nothing.

On SQLite that is the lock on writing at all; on PostgreSQL it is one on the tables that a sign-up is written to.
"""

import threading
import time

from bs4 import BeautifulSoup

from tests.reliability.processes import OF_DATABASE, Answer, Site, until

pytestmark = OF_DATABASE


def test_locked_for_four_seconds_the_form_waits_and_succeeds(site: Site) -> None:
    site.start_web()
    answers: list[Answer] = []
    visitors = [
        threading.Thread(target=lambda n=number: answers.append(site.sign_up(f"patient{n}@example.org")))
        for number in range(6)
    ]
    with site.database.locked():
        for visitor in visitors:
            visitor.start()
        time.sleep(4)
        assert answers == []
        assert site.get("/newsletter/thank-you/").seconds < 2  # readers do not wait
    for visitor in visitors:
        visitor.join()
    print(f"the slowest took {max(answer.seconds for answer in answers):.1f} s")
    assert [answer.status for answer in answers] == [303] * 6
    assert site.open_entries() == 6


def test_locked_for_thirty_seconds_the_form_asks_to_try_again_and_keeps_what_was_typed(site: Site) -> None:
    site.start_web()
    site.start_worker()
    typed = {"email": "Ada@example.org", "first_name": "Ada", "last_name": "King, Countess of Lovelace"}
    with site.database.locked():
        began = time.monotonic()
        answer = site.sign_up(**typed)
        print(f"answered with {answer.status} after {answer.seconds:.1f} s")
        assert answer.status == 503
        assert answer.headers["retry-after"].isdecimal() and 0 < int(answer.headers["retry-after"]) <= 120
        form = BeautifulSoup(answer.body, "html.parser").find("form", method="post")
        assert {name: form.find(attrs={"name": name})["value"] for name in typed} == typed
        assert answer.seconds < 20
        assert site.get("/health/live/").status == 200
        time.sleep(max(0.0, 30 - (time.monotonic() - began)))
    assert site.subscribers() == set()  # nothing half written

    assert site.sign_up(**typed).status == 303
    until(lambda: site.open_entries() == 0, 40, "the delivery")
    assert site.state_of(typed["email"]) == "awaiting_confirmation"
    assert site.mailchimp.confirmation_mails(typed["email"]) == 1
