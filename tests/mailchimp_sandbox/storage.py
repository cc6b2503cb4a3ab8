"""The state file: what a developer's stand-in remembers over a restart."""

import json
import os
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .contact import Contact
from .merge_fields import MergeField
from .service import Service
from .webhook_events import Webhook

VERSION = 1

#: Changes are written at most this often, in seconds.
INTERVAL = 0.3


def dump(service: Service) -> dict[str, Any]:
    """Contacts, settings, webhooks and campaigns as JSON can hold them."""
    audience = service.audience
    with audience.lock:
        return {
            "version": VERSION,
            "double_optin": audience.double_optin,
            "contacts": [asdict(contact) for contact in audience.contacts.values()],
            "forgotten": sorted(audience.forgotten),
            "refusals": dict(audience.refusals),
            "tag_ids": dict(audience.tag_ids),
            "last_web_id": audience.last_web_id,
            "merge_fields": [asdict(column) for column in audience.merge_fields],
            "webhooks": [asdict(hook) for hook in list(service.webhooks.hooks.values())],
            **service.campaigns.dump(),
        }


def load(service: Service, state: dict[str, Any]) -> None:
    """Puts a dumped state back. Raises KeyError, TypeError or ValueError when it is none."""
    if state["version"] != VERSION:
        raise ValueError(f"version {state['version']} is not {VERSION}")
    audience = service.audience
    with audience.lock:
        audience.clear()
        audience.double_optin = bool(state["double_optin"])
        audience.forgotten = set(state["forgotten"])
        audience.refusals = dict(state["refusals"])
        audience.tag_ids = dict(state["tag_ids"])
        audience.last_web_id = int(state["last_web_id"])
        audience.merge_fields = [MergeField(**column) for column in state["merge_fields"]]
        for contact in state["contacts"]:
            audience.store(Contact(**contact))
        service.campaigns.load(state)
        service.webhooks.hooks = {hook["id"]: Webhook(**hook) for hook in state["webhooks"]}


class StateFile:
    """Keeps a service's state in a file, which is whole at any moment."""

    def __init__(self, path: Path, service: Service) -> None:
        self.path = path
        self._service = service
        self._saved_revision = service.revision
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="state file", daemon=True)

    def read(self) -> None:
        """Loads the file if there is one. Raises ValueError when it cannot be used."""
        try:
            load(self._service, json.loads(self.path.read_text()))
        except FileNotFoundError:
            return
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"the state file {self.path} cannot be used ({type(error).__name__}); move it away to begin anew"
            ) from None

    def write(self) -> None:
        """Writes the state if something changed. Only its owner may read it: it holds addresses."""
        revision = self._service.revision
        if revision == self._saved_revision:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(descriptor, "w") as file:
                json.dump(dump(self._service), file)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._saved_revision = revision

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Writes for the last time. Raises OSError when that fails."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()
        self.write()

    def _run(self) -> None:
        while not self._stopped.wait(INTERVAL):
            try:
                self.write()
            except OSError as error:
                print(f"The state file {self.path} cannot be written: {error.strerror}", flush=True)
