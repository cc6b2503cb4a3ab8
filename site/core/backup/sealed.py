"""Encryption of a stream of any length in little memory, which also notices every change, cut and swap.

The way age does it (https://age-encryption.org/v1, "Payload"; Hoang and others, 2015, https://ia.cr/2015/189): chunks
under one key, each with its number and with a flag on the last. The key is made from BACKUP_KEY and a random salt of
the file by scrypt (RFC 7914), so no two files share one.

    16 bytes magic | 16 bytes salt | chunks: 1 MiB, the last 0 to 1 MiB, each followed by a tag of 16 bytes
"""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.backup.errors import BackupError

MAGIC = b"sealed-backup-1\n"
SALT_BYTES, TAG_BYTES = 16, 16
CHUNK = 1024 * 1024
# Of each try at guessing the key: a tenth of a second and 32 MB (RFC 7914, 2). Changing it makes old files unreadable.
COST = 2**15


def is_sealed(beginning: bytes) -> bool:
    """Whether a file that begins so is encrypted."""
    return beginning.startswith(MAGIC)


class _Chunks:
    """The cipher of one file and the number of the next chunk."""

    def __init__(self, key: str, salt: bytes) -> None:
        self._cipher = AESGCM(Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(key.encode()))
        self._number = 0

    def nonce(self, *, last: bool) -> bytes:
        """The nonce of the next chunk, never given twice."""
        nonce = self._number.to_bytes(11, "big") + bytes([last])
        self._number += 1
        return nonce

    def seal(self, data: bytes, *, last: bool) -> bytes:
        return self._cipher.encrypt(self.nonce(last=last), data, None)

    def open(self, data: bytes, *, last: bool) -> bytes:
        return self._cipher.decrypt(self.nonce(last=last), data, None)


class SealingWriter:
    """Encrypts what is written to it. Without `finish` the file counts as cut off."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        salt = os.urandom(SALT_BYTES)
        file.write(MAGIC + salt)
        self._file, self._chunks, self._waiting = file, _Chunks(key, salt), bytearray()

    def write(self, data: bytes) -> int:
        """Take data of any length."""
        self._waiting += data
        while len(self._waiting) > CHUNK:  # never the last one, which may be full
            self._file.write(self._chunks.seal(bytes(self._waiting[:CHUNK]), last=False))
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk."""
        self._file.write(self._chunks.seal(bytes(self._waiting), last=True))


class OpeningReader:
    """Decrypts what `SealingWriter` wrote; gives nothing that was not checked."""

    def __init__(self, file: BinaryIO, key: str) -> None:
        beginning = file.read(len(MAGIC) + SALT_BYTES)
        self._file, self._chunks = file, _Chunks(key, beginning[len(MAGIC) :])
        self._next, self._ready = file.read(CHUNK + TAG_BYTES), bytearray()
        self._is_over = False

    def read(self, size: int) -> bytes:
        """Give so many bytes, fewer only at the end.

        Raises:
            BackupError: the key is another one, or the file was changed or cut off.
        """
        while len(self._ready) < size and not self._is_over:
            current, self._next = self._next, self._file.read(CHUNK + TAG_BYTES)
            self._is_over = not self._next
            try:
                self._ready += self._chunks.open(current, last=self._is_over)
            except (InvalidTag, ValueError) as error:
                raise BackupError("It cannot be opened: BACKUP_KEY is another one, or the file is damaged.") from error
        given = bytes(self._ready[:size])
        del self._ready[:size]
        return given
