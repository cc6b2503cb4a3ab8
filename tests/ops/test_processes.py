"""What `script/serve` starts goes on when one is killed. On a signal, or when it is killed itself, all end together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SUPPORT = Path(__file__).resolve().parents[2] / "script" / "support"
# Two processes, one of which has a child and ignores being asked to end.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import os
import processes
processes.STOP_SECONDS = 1
processes.SOON_SECONDS = 1
group = processes.Group(Path.cwd(), dict(os.environ))
group.stop_on_signals()
group.start("the quick one", ["sleep", sys.argv[2]])
group.start("the stubborn one", ["sh", "-c", "trap '' TERM; sleep 1234.5 & wait; sleep 1234.5"])
print(*(process.pid for process in group.running.values()), flush=True)
ended = group.look_after()
group.stop()
print(ended, flush=True)
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(quick_one_lasts: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(SUPPORT), quick_one_lasts],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # As a shell without job control starts something in the background: Ctrl-C is ignored at first.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting for its end to be noticed."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def group_members(leader: int) -> list[int]:
    """The processes of a group, which is what a leader has started."""
    members = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and is_running(int(entry.name)):
            try:
                if os.getpgid(int(entry.name)) == leader:
                    members.append(int(entry.name))
            except ProcessLookupError:
                continue
    return members


def children(pid: int) -> set[int]:
    """The processes that a process has started."""
    try:
        return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    except FileNotFoundError:
        return set()


def eventually(condition: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_and_what_they_started(start: Callable, number: signal.Signals) -> None:
    process = start("1234.5")
    quick, stubborn = (int(pid) for pid in line(process).split())
    assert eventually(lambda: len(group_members(stubborn)) == 2)
    process.send_signal(number)
    assert line(process) == "None"
    assert process.wait(30) == 0
    assert group_members(quick) == group_members(stubborn) == []


def test_what_is_killed_is_started_again_and_the_rest_goes_on(start: Callable) -> None:
    process = start("1234.5")
    quick, stubborn = (int(pid) for pid in line(process).split())
    time.sleep(1.1)  # longer than SOON_SECONDS
    os.kill(quick, signal.SIGKILL)
    assert process.stderr is not None
    said = process.stderr.readline().strip()
    assert said == "the quick one ended by itself with code -9. It is started again; the rest goes on."
    assert eventually(lambda: bool(children(process.pid) - {quick, stubborn}))
    assert is_running(stubborn)
    process.terminate()
    assert line(process) == "None"
    assert process.wait(30) == 0
    assert children(process.pid) == set()


def test_when_one_ends_soon_after_its_start_all_end_and_it_is_named(start: Callable) -> None:
    process = start("0.2")
    _, stubborn = (int(pid) for pid in line(process).split())
    assert line(process) == "the quick one ended by itself with code 0"
    assert process.wait(30) == 0
    assert group_members(stubborn) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tie processes to their parent")
def test_killed_without_warning_it_leaves_no_process_that_listens(start: Callable) -> None:
    process = start("1234.5")
    quick, stubborn = (int(pid) for pid in line(process).split())
    process.kill()
    process.wait(30)
    assert eventually(lambda: not is_running(quick))
    os.killpg(stubborn, signal.SIGKILL)  # it ignores the signal on purpose; the web server does not
