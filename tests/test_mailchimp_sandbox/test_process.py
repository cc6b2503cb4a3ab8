"""`python -m tests.mailchimp_sandbox`."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
import requests

from .helpers import ADA, LIST, ROOT, md5


@contextlib.contextmanager
def process(*arguments):
    command = [sys.executable, "-m", "tests.mailchimp_sandbox", *arguments]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(url):
    deadline = time.monotonic() + 10
    while True:
        try:
            return urllib.request.urlopen(url, timeout=1)
        except urllib.error.URLError:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_the_process_announces_itself_remembers_and_ends_at_once(tmp_path):
    port, state = free_port(), tmp_path / "state.json"
    url = f"http://127.0.0.1:{port}"
    arguments = ("--port", str(port), "--state", str(state), "--single-opt-in")
    with process(*arguments) as first:
        wait_for(url).close()
        assert requests.get(f"{url}/_sandbox/settings", timeout=5).json()["double_optin"] is False
        auth, body = ("x", "0123456789abcdef0123456789abcdef-us1"), {"email_address": ADA, "status": "pending"}
        requests.put(f"{url}/3.0/lists/{LIST}/members/{md5(ADA)}", json=body, auth=auth, timeout=5)
        begun = time.monotonic()
        first.send_signal(signal.SIGTERM)
        out, err = first.communicate(timeout=5)
        assert (first.returncode, err) == (0, "")
        assert time.monotonic() - begun < 2
    assert f"MAILCHIMP_BASE_URL={url}/3.0" in out
    assert f"PUT /3.0/lists/{LIST}/members/{md5(ADA)[:8]} 200" in out
    assert ADA not in out
    assert state.stat().st_mode & 0o077 == 0
    with process("--port", str(port), "--state", str(state), "--quiet") as second:
        wait_for(url).close()
        [contact] = requests.get(f"{url}/_sandbox/contacts", timeout=5).json()["contacts"]
        assert (contact["email_address"], contact["confirmation_mails"]) == (ADA, 1)
        assert requests.get(f"{url}/_sandbox/settings", timeout=5).json()["double_optin"] is False
        second.send_signal(signal.SIGINT)
        assert second.communicate(timeout=5) == ("", "")


def test_the_process_says_in_one_line_what_is_wrong(tmp_path):
    broken = tmp_path / "state.json"
    broken.write_text("{")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = str(listener.getsockname()[1])
        for arguments, words in (
            (("--port", taken), f"port {taken} is taken"),
            (("--port", "0", "--state", str(broken)), "cannot be used"),
        ):
            with process(*arguments) as running:
                _, err = running.communicate(timeout=5)
                assert running.returncode == 1
                assert err.count("\n") == 1
                assert words in err
    assert broken.read_text() == "{"


@pytest.mark.parametrize("arguments", [["--host", "0.0.0.0"], ["--port", "70000"], ["--nonsense"]])  # noqa: S104
def test_the_process_refuses_wrong_arguments(arguments, capsys):
    from tests.mailchimp_sandbox.__main__ import parse_arguments

    with pytest.raises(SystemExit) as ended:
        parse_arguments(arguments)
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err
