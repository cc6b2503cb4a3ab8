"""The archive: writing it in one go, reading it in order, and checking that it is whole."""

import contextlib
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from core.backup.errors import BackupError
from core.backup.sealed import MAGIC, OpeningReader, SealingWriter, is_sealed

FORMAT = 1
DATABASE, MEDIA, MANIFEST = "database.", "media/", "manifest.json"
BLOCK = 1024 * 1024
# A stream of unknown length is written in parts of this size.
PART = 8 * BLOCK
NOT_WHOLE = "The archive is not whole: it was cut off, or is no backup of this site."

# Called with the bytes of each step.
Progress = Callable[[int], None]


class Reading(Protocol):
    """Something to read bytes from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass
class Manifest:
    """What an archive says of itself.

    Attributes:
        made_at: when the backup began, as ISO 8601 in UTC. What was committed before is in it.
        engine: `sqlite` or `postgresql`.
        migrations: of the database, as `app.name`.
        secret_key: a fingerprint of the site's SECRET_KEY, which the archive does not hold.
        told: what somebody should know who has brought it back, in sentences.
        sums: of each member its SHA-256 in hexadecimal.
    """

    made_at: str
    engine: str
    migrations: list[str]
    secret_key: str
    told: list[str]
    format: int = FORMAT
    sums: dict[str, str] = field(default_factory=dict)


class Hashing:
    """Reads from a file and keeps a checksum of what was read."""

    def __init__(self, file: Reading, progress: Progress) -> None:
        self._file, self._progress, self._sum = file, progress, hashlib.sha256()

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._sum.update(data)
        self._progress(len(data))
        return data

    @property
    def sum(self) -> str:
        return self._sum.hexdigest()


# --- Writing -----------------------------------------------------------------------------------------


class ArchiveWriter:
    """Writes members one after another; the memory it takes does not depend on their size."""

    def __init__(self, file: Any, progress: Progress) -> None:
        options = {"bufsize": BLOCK, "copybufsize": BLOCK, "format": tarfile.PAX_FORMAT}
        self._tar = tarfile.open(fileobj=file, mode="w|", **options)  # noqa: SIM115 - until `finish` or `abandon`
        self._progress, self.sums = progress, dict[str, str]()

    def add(self, name: str, file: Reading, size: int, changed_at: float = 0) -> None:
        """Add a member of known size.

        Raises:
            OSError: the file is shorter than that.
        """
        member = _member(name, size)
        member.mtime = int(changed_at)
        reading = Hashing(file, self._progress)
        self._tar.addfile(member, reading)
        self.sums[name] = reading.sum

    def add_stream(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a stream of unknown length, compressed, as numbered parts."""
        for number, part in enumerate(_parts(_compressed(chunks)), start=1):
            self.add(f"{name}.gz/{number:06}", io.BytesIO(part), len(part))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest and end the archive."""
        manifest.sums = self.sums
        data = json.dumps(asdict(manifest), indent=1).encode()
        self._tar.addfile(_member(MANIFEST, len(data)), io.BytesIO(data))
        self._tar.close()

    def abandon(self) -> None:
        """Write nothing more: the archive stays without its end."""
        with contextlib.suppress(OSError):
            self._tar.fileobj.close()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(level=3, wbits=zlib.MAX_WBITS | 16)  # gzip's form
    for chunk in chunks:
        yield packer.compress(chunk)
    yield packer.flush()


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= PART:
            yield bytes(waiting[:PART])
            del waiting[:PART]
    if waiting:
        yield bytes(waiting)


@contextmanager
def writing(path: Path, key: str, progress: Progress) -> Iterator[ArchiveWriter]:
    """Write an archive, for its owner's eyes only, encrypted when there is a key; on the disk when this ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        sealing = SealingWriter(file, key) if key else None
        writer = ArchiveWriter(sealing or file, progress)
        try:
            yield writer
        except BaseException:
            writer.abandon()
            raise
        if sealing:
            sealing.finish()
        file.flush()
        os.fsync(file.fileno())


# --- Reading -----------------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path, key: str) -> Iterator[Any]:
    """Open an archive for reading, encrypted or not.

    Raises:
        BackupError: it cannot be read, or there is no key.
    """
    try:
        file: BinaryIO = path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        sealed = is_sealed(file.read(len(MAGIC)))
        file.seek(0)
        if sealed and not key:
            raise BackupError(f"{path} is encrypted: set BACKUP_KEY to the key it was made with.")
        yield OpeningReader(file, key) if sealed else file


def members(path: Path, key: str) -> Iterator[tuple[str, Any]]:
    """Give the members of an archive in their order, as name and open file, to be read before the next is asked for.

    Raises:
        BackupError: it cannot be read, or is damaged where this shows.
    """
    with _opened(path, key) as file:
        try:
            with tarfile.open(fileobj=file, mode="r|", bufsize=BLOCK) as tar:
                for member in tar:
                    content = tar.extractfile(member)
                    if content is None or not _is_safe(member.name):
                        raise BackupError(NOT_WHOLE)
                    yield member.name, content
        except (tarfile.TarError, EOFError) as error:
            raise BackupError(NOT_WHOLE) from error


def _is_safe(name: str) -> bool:
    """Whether a name stays in the folder that it is unpacked to."""
    return not name.startswith("/") and ".." not in name.split("/")


def verify(path: Path, key: str, progress: Progress) -> Manifest:
    """Read a whole archive and compare each member with its checksum.

    Raises:
        BackupError: it is damaged, cut off, or of a newer form.
    """
    found: dict[str, str] = {}
    manifest = None
    try:
        for name, content in members(path, key):
            if name == MANIFEST:
                manifest = _read_manifest(content.read())
                continue
            reading = Hashing(content, progress)
            while reading.read(BLOCK):
                pass
            found[name] = reading.sum
    except tarfile.TarError as error:  # in the middle of a member
        raise BackupError(NOT_WHOLE) from error
    if manifest is None:
        raise BackupError(NOT_WHOLE)
    if found != manifest.sums:
        raise BackupError("The archive is damaged: what is in it does not match its checksums. Use another one.")
    return manifest


def _read_manifest(data: bytes) -> Manifest:
    try:
        said = json.loads(data)
        if said["format"] > FORMAT:
            raise BackupError("The archive was made by a newer version of this site. Restore it with that one.")
        said.pop("has_media", None)  # which archives said once, and was always so
        return Manifest(**said)
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError(NOT_WHOLE) from error


def database_stream(path: Path, key: str) -> Iterator[bytes]:
    """Give the dump of the database in an archive, unpacked.

    Raises:
        BackupError: it cannot be read.
    """
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for name, content in members(path, key):
            if not name.startswith(DATABASE):
                break
            while packed := content.read(BLOCK):
                yield unpacker.decompress(packed)
        yield unpacker.flush()
    except zlib.error as error:
        raise BackupError(NOT_WHOLE) from error
