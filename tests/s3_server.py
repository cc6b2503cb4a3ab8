"""A real S3 server on loopback: rclone's, https://rclone.org/commands/rclone_serve_s3/

It keeps a bucket as a folder and answers nobody whose signature is wrong. A package of requirements-dev.txt brings it.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from tests.reliability.processes import end_with_parent, free_port

BUCKET, KEY, SECRET = "site-media", "THE-KEY", "the/secret+of the tests"
START_SECONDS = 10


class S3Server:
    """A server with one empty bucket, which can be stopped and frozen."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.bucket = folder / BUCKET
        self.bucket.mkdir(parents=True)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """For MEDIA_STORAGE_URL."""
        return f"s3+http://{KEY}:the%2Fsecret%2Bof%20the%20tests@127.0.0.1:{self.port}/{BUCKET}"

    def start(self) -> "S3Server":
        """Start it, and wait until it answers."""
        command = [str(Path(sys.executable).with_name("rclone")), "serve", "s3", "--config", os.devnull]
        command += ["--addr", f"127.0.0.1:{self.port}", "--vfs-cache-mode", "off", str(self.folder)]
        self.process = subprocess.Popen(
            command,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), "RCLONE_AUTH_KEY": f'"{KEY},{SECRET}"'},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=end_with_parent,
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self.process.poll() is None and time.monotonic() < deadline, "the S3 server did not start"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return self
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def freeze(self) -> None:
        """It takes connections and answers nothing."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)

    def names(self) -> list[str]:
        """The names of all objects."""
        found = (path.relative_to(self.bucket) for path in self.bucket.rglob("*") if path.is_file())
        return sorted(path.as_posix() for path in found)

    def status_for_strangers(self, name: str = "") -> int:
        """How a request without a signature is answered, for an object or for the list of them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", f"/{BUCKET}/{name}")
        status = connection.getresponse().status
        connection.close()
        return status
