"""A worker that is told to stop, while Mailchimp hangs: it ends in time and loses nothing."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from core.worker import stopping
from core.worker.process import STOP_SECONDS
from newsletter import delivery, sending
from newsletter.gateway import gateway_from_settings
from newsletter.models import OutboxEntry, Subscriber
from newsletter.models.consent import FALLBACK_WORDING
from newsletter.service import SignUp, sign_up
from newsletter.states import State
from tests.mailchimp_sandbox import Sandbox
from tests.newsletter.conftest import EMAIL, state_of
from tests.newsletter.threads import in_thread

pytestmark = pytest.mark.django_db
SignUpAs = Callable[..., Subscriber]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def stop_soon() -> Any:
    """Tell the worker to stop, in a moment."""
    timers = []

    def run(seconds: float) -> None:
        timers.append(threading.Timer(seconds, stopping.set))
        timers[-1].start()

    yield run
    for timer in timers:
        timer.join()
    stopping.clear()


def test_the_calls_of_a_delivery_fit_into_the_time_that_a_worker_has() -> None:
    assert 15 < sending.DELIVERY_SECONDS < STOP_SECONDS
    assert delivery.LEASE_SECONDS > 2 * sending.DELIVERY_SECONDS


def test_the_calls_of_a_delivery_share_one_limit(mailchimp: Sandbox) -> None:
    """Four calls, each of them within its own limit, would take four times as long."""
    mailchimp.fail("delay", seconds=0.4)
    gateway = gateway_from_settings()
    assert gateway is not None
    began = time.monotonic()
    with pytest.raises(Exception, match="in time"), gateway.within(1.0):
        for _ in range(4):
            gateway.ping()
    assert 0.9 < time.monotonic() - began < 1.5
    with pytest.raises(Exception, match="in time"), gateway.within(0.0):
        gateway.ping()
    gateway.ping()  # outside there is none but the call's own


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_no_further_call_is_made_and_the_entry_goes_back(
    mailchimp: Sandbox, sign_up_as: SignUpAs, deliver: Any, stop_soon: Any, method: str
) -> None:
    fault = mailchimp.fail("delay", seconds=0.5, method=method, path="/members/[0-9a-f]+$")
    sign_up_as()
    stop_soon(0.2)
    assert deliver().counts == {"put back": 1}
    assert fault.hits == 1
    assert mailchimp.requests[-1].method == method
    entry = OutboxEntry.objects.open().get()
    assert (entry.attempts, entry.lease_until, entry.lease_holder, entry.error) == (0, None, "", "")
    stopping.clear()
    mailchimp.clear_faults()
    deliver()
    assert state_of() == State.AWAITING_CONFIRMATION
    assert mailchimp.confirmation_mails(EMAIL) == 1
    assert [tag["name"] for tag in mailchimp.contact(EMAIL)["tags"]] == ["Website"]


@pytest.mark.slow
def test_sigterm_under_a_hanging_mailchimp_ends_the_worker_within_25_seconds(
    shared_database: None,
    settings: Any,
    tmp_path: Path,
    record_property: Any,
) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("the worker is given a copy of a SQLite file")
    in_thread(lambda: sign_up(SignUp(email=EMAIL, wording=FALLBACK_WORDING)))
    with Sandbox() as mailchimp:
        fault = mailchimp.fail("hang")
        connection = {
            "MAILCHIMP_API_KEY": mailchimp.api_key,
            "MAILCHIMP_AUDIENCE_ID": mailchimp.audience_id,
            "MAILCHIMP_BASE_URL": mailchimp.base_url,
        }
        files = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{settings.DATABASES['default']['NAME']}"}
        how = {"DJANGO_SETTINGS_MODULE": "config.settings.production", "ENV_FILE": os.devnull}
        worker = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "worker"],
            env=os.environ | connection | files | how,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not fault.hits and worker.poll() is None:
                time.sleep(0.1)
            began = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=40) == 0
        finally:
            worker.kill()
            worker.wait()
        took = time.monotonic() - began
        print(f"SIGTERM under a hanging Mailchimp: ended after {took:.1f} s")
        assert took < 25
        mailchimp.clear_faults()
        for name, value in connection.items():
            setattr(settings, name, value)

        def deliver_later() -> str:
            OutboxEntry.objects.update(lease_until=None, due_at=OutboxEntry.objects.get().requested_at)
            delivery.deliver_due()
            return state_of()

        assert in_thread(deliver_later) == State.AWAITING_CONFIRMATION
