"""POST /batches: operations that run by themselves, with their results in a tar.gz."""

import io
import itertools
import json
import tarfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from . import problems
from .contact import timestamp
from .messages import Reply, Request, parse_query
from .problems import Problem

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
MOST_PENDING = 500


@dataclass
class Batch:
    id: str
    operations: list[dict[str, Any]]
    status: str = "pending"
    submitted_at: str = field(default_factory=timestamp)
    completed_at: str = ""
    results: list[dict[str, Any]] = field(default_factory=list)

    def document(self, site_url: str) -> dict[str, Any]:
        finished = self.status == "finished"
        return {
            "id": self.id,
            "status": self.status,
            "total_operations": len(self.operations),
            "finished_operations": len(self.results),
            "errored_operations": sum(result["status_code"] >= 400 for result in self.results),
            "submitted_at": self.submitted_at,
            "completed_at": self.completed_at,
            "response_body_url": f"{site_url}/_sandbox/batches/{self.id}.tar.gz" if finished else "",
            "_links": [],
        }

    def archive(self) -> bytes:
        """The results as Mailchimp packs them: one JSON file in a tar.gz."""
        packed, content = io.BytesIO(), json.dumps(self.results).encode()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            entry = tarfile.TarInfo(f"{self.id}.json")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        return packed.getvalue()


class Batches:
    """Batches by id. `perform` answers one request of the API, as if it had come over HTTP."""

    def __init__(self, perform: Callable[[Request], Reply]) -> None:
        self._perform = perform
        self._numbers = itertools.count(1)
        self.batches: dict[str, Batch] = {}

    def start(self, body: Any) -> Batch:
        operations = body.get("operations") if isinstance(body, dict) else None
        if not isinstance(operations, list) or not operations:
            raise problems.invalid_fields(("operations", "This value should not be blank."))
        for operation in operations:
            _check(operation)
        if sum(batch.status != "finished" for batch in self.batches.values()) >= MOST_PENDING:
            raise Problem("Too Many Requests", "You have more than 500 pending batches.")
        batch = Batch(f"{next(self._numbers):010x}", operations)
        self.batches[batch.id] = batch
        threading.Thread(target=self._run, args=(batch,), name=f"batch {batch.id}", daemon=True).start()
        return batch

    def get(self, batch_id: str) -> Batch:
        if batch_id not in self.batches:
            raise Problem("Resource Not Found")
        return self.batches[batch_id]

    def _run(self, batch: Batch) -> None:
        batch.status = "started"
        for operation in batch.operations:
            reply = self._perform(_request(operation))
            batch.results.append(
                {
                    "status_code": reply.status,
                    "operation_id": operation.get("operation_id", ""),
                    "response": reply.body.decode(),
                }
            )
        batch.completed_at = timestamp()
        batch.status = "finished"


def _check(operation: Any) -> None:
    if not isinstance(operation, dict) or operation.get("method") not in METHODS:
        raise problems.invalid_fields(("operations.method", "Data presented is not one of the accepted values."))
    if not isinstance(operation.get("path"), str):
        raise problems.invalid_fields(("operations.path", "This value should not be blank."))
    if not isinstance(operation.get("body", ""), str):
        raise problems.invalid_fields(("operations.body", "Schema describes string, object found instead"))


def _request(operation: dict[str, Any]) -> Request:
    path, _, query = operation["path"].partition("?")
    arguments = parse_query(query) | parse_query(urlencode(operation.get("params") or {}))
    return Request(operation["method"], "/3.0/" + path.strip("/"), arguments, operation.get("body", "").encode())
