"""One service per SQLite file."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from storage.address import Address
from storage.errors import DatabaseInUseError, StorageError


class ServiceLock:
    """Held while a service runs on the database of this URL.

    The file ``<database>.lock`` holds the process's number. A server needs no lock: there, roles
    are given out. Entering raises DatabaseInUseError, or StorageError where no lock can be made.
    """

    def __init__(self, url: str) -> None:
        self._file = Address.parse(url).file
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        if self._file is None:
            return self
        path = Path(f"{self._file}.lock")
        lock = FileLock(path, timeout=0)
        try:
            require_writable(self._file)
            # Read first: a filelock before 4 empties the file even where it does not get it.
            holder = _content(path)
            lock.acquire()
            path.write_text(str(os.getpid()), encoding="ascii")
        except Timeout:
            raise DatabaseInUseError(
                f"{self._file} is in use by another Paperround (process {holder or 'unknown'}):"
                " stop that one first"
            ) from None
        except OSError as error:
            raise StorageError(f"{path} cannot be written: {error.strerror or error}") from None
        self._lock = lock
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock is not None:
            self._lock.release()


def require_writable(file: Path) -> None:
    """Raises StorageError where an SQLite file cannot be written or made.

    Asked first, for SQLite and filelock make files and folders before they find out.
    """
    folder = file.absolute().parent
    if not folder.is_dir():
        raise StorageError(f"{file} cannot be made: there is no folder {folder}")
    for path in (folder, file):
        if path.exists() and not os.access(path, os.W_OK):
            raise StorageError(f"{file} cannot be written: let this user write {path}")


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
