"""Run several processes as one: what ends is started again, and all end together. Standard library only."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

# Web and worker end by themselves within 20 seconds of SIGTERM.
STOP_SECONDS = 25
# What ends sooner than this after its start would do so again: somebody has to look.
SOON_SECONDS = 5
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass
class Group:
    """Processes that are started together and end together."""

    directory: Path
    environment: dict[str, str]
    stopping: bool = False
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _commands: dict[str, list[str]] = field(default_factory=dict)
    _started_at: dict[str, float] = field(default_factory=dict)

    def stop_on_signals(self) -> None:
        """End everything on Ctrl-C, SIGTERM and a closed terminal, also when started in the background."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def start(self, name: str, command: list[str]) -> None:
        """Start one process, in a session of its own: signals from the terminal reach it only through us."""
        self._commands[name], self._started_at[name] = command, time.monotonic()
        self.running[name] = subprocess.Popen(
            command,
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def wait(self, until: Callable[[], bool]) -> str | None:
        """Wait until told to stop, or until a process ends, or until a condition holds.

        Returns:
            What ended by itself and how, in words; None otherwise.
        """
        while not self.stopping and not until():
            for name in self._ended():
                return self._in_words(name)
            time.sleep(0.1)
        return None

    def look_after(self) -> str | None:
        """Wait until told to stop. What ends meanwhile, killed perhaps, is started again, and the others go on.

        Returns:
            What ended by itself soon after its start, in words; None when told to stop.
        """
        while not self.stopping:
            for name in self._ended():
                if time.monotonic() - self._started_at[name] < SOON_SECONDS:
                    return self._in_words(name)
                print(f"{self._in_words(name)}. It is started again; the rest goes on.", file=sys.stderr, flush=True)
                self.start(name, self._commands[name])
            time.sleep(0.1)
        return None

    def stop(self) -> None:
        """End all processes in order; what does not end in time is killed, with all it has started."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()

    def _ended(self) -> list[str]:
        return [name for name, process in self.running.items() if process.poll() is not None]

    def _in_words(self, name: str) -> str:
        return f"{name} ended by itself with code {self.running[name].returncode}"

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def _end_with_parent() -> None:
    """Have Linux send SIGTERM to this process should its parent be killed without a chance to end it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
