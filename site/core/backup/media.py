"""Uploaded files, in a folder or in a store, as something to copy and to bring back."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.core.files.base import File

from core.backup.archive import BLOCK, Progress

if TYPE_CHECKING:
    from core.media_store.bucket import MediaStore

# Names with their contents, each to be read before the next is asked for.
Contents = Iterable[tuple[str, Any]]


class Media(Protocol):
    """All uploaded files of the site. Whatever fails is an OSError."""

    def is_empty(self) -> bool: ...

    def files(self) -> Iterator[tuple[str, Any, int, float]]:
        """Give each file: name, contents, bytes, and when it was changed, in seconds since 1970."""
        ...

    def bringing(self, contents: Contents, progress: Progress) -> contextlib.AbstractContextManager["Brought"]:
        """Bring files in, beside those that are there as far as can be."""
        ...


class Brought(Protocol):
    """Files that were brought in."""

    def put_in_place(self) -> None:
        """Have no others any more."""
        ...


def media() -> Media:
    """The site's uploaded files."""
    if settings.MEDIA_STORE:
        from core.media_store.bucket import MediaStore

        return Store(MediaStore())
    return Folder(Path(settings.MEDIA_ROOT))


class Folder:
    """Files in a folder, which is replaced as a whole by renaming."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_empty(self) -> bool:
        return not (self.folder.is_dir() and any(self.folder.iterdir()))

    def files(self) -> Iterator[tuple[str, Any, int, float]]:
        """Give every file in it and beneath; no links, which may lead anywhere."""
        for place, folders, names in os.walk(self.folder):
            folders.sort()
            for path in (Path(place, name) for name in sorted(names)):
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    if path.is_file() and not path.is_symlink():
                        with path.open("rb") as file:
                            facts = os.fstat(file.fileno())
                            yield path.relative_to(self.folder).as_posix(), file, facts.st_size, facts.st_mtime

    @contextlib.contextmanager
    def bringing(self, contents: Contents, progress: Progress) -> Iterator["Folder"]:
        """Unpack files into a new folder beside it, which goes away unless it was put in place."""
        new = self._beside("restore")
        shutil.rmtree(new, ignore_errors=True)
        try:
            new.mkdir(parents=True)
            for name, content in contents:
                _unpack(content, new / name, progress)
            yield self
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def put_in_place(self) -> None:
        """Rename the new folder to the place of the former one."""
        former = self._beside("replaced")
        shutil.rmtree(former, ignore_errors=True)
        with contextlib.suppress(FileNotFoundError):
            self.folder.rename(former)
        self._beside("restore").rename(self.folder)
        shutil.rmtree(former, ignore_errors=True)

    def _beside(self, purpose: str) -> Path:
        return self.folder.with_name(f".{self.folder.name}.{purpose}")


def _unpack(content: Any, path: Path, progress: Progress) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        while block := content.read(BLOCK):
            progress(file.write(block))
    path.chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o644)


class Store:
    """Files in a store that machines share. It knows no renaming: what is brought in takes the place of files of its
    name at once, and others are deleted at the end. Stopped between, the same again brings the same about.
    """

    def __init__(self, store: "MediaStore") -> None:
        self._store, self._brought = store, set[str]()

    def is_empty(self) -> bool:
        return not any(self._store.listdir(""))

    def files(self) -> Iterator[tuple[str, Any, int, float]]:
        """Give every file in it."""
        for name in self._names(""):
            with contextlib.suppress(FileNotFoundError), self._store.open(name) as file:  # deleted meanwhile
                yield name, file, file.size, self._store.get_modified_time(name).timestamp()

    @contextlib.contextmanager
    def bringing(self, contents: Contents, progress: Progress) -> Iterator["Store"]:
        """Write files into it."""
        for name, content in contents:
            with tempfile.SpooledTemporaryFile(BLOCK) as file:
                while block := content.read(BLOCK):
                    progress(file.write(block))
                file.seek(0)
                self._store.put(name, File(file))
            self._brought.add(name)
        yield self

    def put_in_place(self) -> None:
        """Delete what was not brought."""
        for name in list(self._names("")):
            if name not in self._brought:
                self._store.delete(name)

    def _names(self, folder: str) -> Iterator[str]:
        folders, names = self._store.listdir(folder)
        yield from (f"{folder}{name}" for name in sorted(names))
        for below in sorted(folders):
            yield from self._names(f"{folder}{below}/")
