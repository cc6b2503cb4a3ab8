"""The storage of files in a bucket, by django-storages and boto3."""

import functools
import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import boto3.session
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils import timezone
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from core.media_store import StoreError

logger = logging.getLogger(__name__)

CONNECT_SECONDS, READ_SECONDS = 2, 5
# One that does not answer is tried again by one call in this time.
REST_SECONDS = 10.0
# What a file takes of the memory while it is read; the rest lies on the disk.
MEMORY_BYTES = 2 * 1024 * 1024
DELETE_AGAIN = timedelta(minutes=5)
# In the meaning of HTTP: nothing is there.
NOT_FOUND = 404


class _Patience:
    """Whether the store is left alone at the moment; one for each process."""

    def __init__(self) -> None:
        self._lock, self._is_away, self._tried_at = threading.Lock(), False, 0.0

    def begin(self) -> None:
        """Begin a call.

        Raises:
            StoreError: the store is left alone.
        """
        with self._lock:
            if self._is_away and time.monotonic() < self._tried_at + REST_SECONDS:
                raise StoreError("The store of files did not answer a moment ago")
            self._tried_at = time.monotonic()

    def end(self, *, answered: bool) -> None:
        """Note how a call ended."""
        with self._lock:
            if answered == self._is_away:
                logger.log(
                    logging.INFO if answered else logging.ERROR,
                    "The store of files answers again" if answered else "The store of files does not answer",
                )
            self._is_away = not answered
            self._tried_at = time.monotonic()


_patience = _Patience()


def _patiently(method: Callable[..., Any]) -> Callable[..., Any]:
    """Have a method of the storage raise FileNotFoundError and StoreError in the place of the library's errors."""

    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        _patience.begin()
        try:
            result = method(*args, **kwargs)
        except FileNotFoundError:
            _patience.end(answered=True)
            raise
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            _patience.end(answered=status < 500)
            if status == NOT_FOUND:
                raise FileNotFoundError("There is no such file in the store") from None
            code = error.response.get("Error", {}).get("Code", status)
            logger.error("The store of files refuses", extra={"code": code})
            raise StoreError(f"The store of files refuses: {code}") from None
        except (BotoCoreError, Boto3Error) as error:
            _patience.end(answered=False)
            raise StoreError(f"The store of files does not answer: {type(error).__name__}") from None
        _patience.end(answered=True)
        return result

    return call


@functools.cache
def _connection(endpoint_url: str, region_name: str, access_key: str | None, secret_key: str | None) -> Any:
    """The connections of this process, shared by its threads: for each thread its own would take 12 MB each."""
    session = boto3.session.Session(aws_access_key_id=access_key, aws_secret_access_key=secret_key)
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 2, "mode": "standard"},
        max_pool_connections=16,
        # Checksums in trailers are Amazon's alone as yet.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return session.resource("s3", region_name=region_name, endpoint_url=endpoint_url, config=config)


_making = threading.Lock()


class MediaStore(S3Storage):
    """The bucket that MEDIA_STORE names. Takes no arguments, as tasks write down how a storage was made."""

    def get_default_settings(self) -> dict[str, Any]:
        """Settings of the bucket; of django-storages' own variables none is read."""
        return (
            super().get_default_settings()
            | {"file_overwrite": False, "default_acl": None, "session_profile": None, "gzip": False}
            | {"transfer_config": TransferConfig(use_threads=False)}
            | settings.MEDIA_STORE
        )

    @property
    def connection(self) -> Any:
        """The connections of this process."""
        store = settings.MEDIA_STORE
        with _making:
            return _connection(store["endpoint_url"], store["region_name"], store["access_key"], store["secret_key"])

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """The address at the site itself, as of a file in a folder."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(clean_name(name)))

    @_patiently
    def _open(self, name: str, mode: str = "rb") -> File:
        """Fetch a whole file with one request, so that whatever fails fails here and not half way through an answer.

        Raises:
            FileNotFoundError: there is none.
            StoreError: the store does not answer, or refuses.
            ValueError: asked for writing; files are saved.
        """
        if mode not in ("r", "rb"):
            raise ValueError("Files in the store are saved, not opened for writing")
        answer = self.bucket.Object(self._normalize_name(clean_name(name))).get()
        fetched = tempfile.SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 - whoever asked for it closes it
        with answer["Body"] as body:
            shutil.copyfileobj(body, fetched)
        fetched.seek(0)
        return File(fetched, name)

    def put(self, name: str, content: File) -> None:
        """Write a file, in the place of one that has the name already.

        Raises:
            StoreError: the store does not answer, or refuses.
        """
        self._save(name, content)

    def delete(self, name: str) -> None:
        """Delete a file: now, or by the worker as soon as the store answers.

        Who asks for it has changed the database by then, and could do nothing else about it.
        """
        try:
            self._delete_now(name)
        except StoreError as error:
            from core.tasks import delete_file  # which needs the models

            logger.warning("A file in the store is deleted later", extra={"error": str(error)})
            delete_file.using(run_after=timezone.now() + DELETE_AGAIN).enqueue(name)

    _delete_now = _patiently(S3Storage.delete)
    _save = _patiently(S3Storage._save)
    exists = _patiently(S3Storage.exists)
    listdir = _patiently(S3Storage.listdir)
    size = _patiently(S3Storage.size)
    get_modified_time = _patiently(S3Storage.get_modified_time)
