"""One service per SQLite file."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from filelock import FileLock, Timeout

from storage.address import Address
from storage.errors import DatabaseInUseError, StorageError

Role = Literal["run", "post"]
_PAUSE_SECONDS = 0.1
_TRIES = 20


class ServiceLock:
    """Held while a service runs on the database of this URL, or a command sends in its place.

    The file ``<database>.lock`` holds the process's number and its role. A server needs no lock:
    there, roles are given out. Entering raises DatabaseInUseError, or StorageError where no lock
    can be made.
    """

    def __init__(self, url: str, role: Role = "run") -> None:
        self._file = Address.parse(url).file
        self._role = role
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        if self._file is None:
            return self
        path = _beside(self._file)
        lock = FileLock(path, timeout=0, thread_local=False)
        try:
            require_writable(self._file)
            # Read first: a filelock before 4 empties the file even where it does not get it.
            process, _ = _content(path)
            lock.acquire()
            path.write_text(f"{os.getpid()} {self._role}", encoding="ascii")
        except Timeout:
            raise DatabaseInUseError(
                f"{self._file} is in use by another Paperround (process {process or 'unknown'}):"
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


@asynccontextmanager
async def service_lock(url: str, role: Role) -> AsyncIterator[None]:
    """A ServiceLock for as long as the block runs.

    Waits while a ``post`` sends, and a moment for a service that is about to end. Raises as
    ServiceLock does.
    """
    tries = _TRIES
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(ServiceLock(url, role))
                break
            except DatabaseInUseError:
                holder = held_by(url)
                if holder == "run" and (role == "post" or not (tries := tries - 1)):
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)
        yield


def held_by(url: str) -> Role | None:
    """Who holds the database of this URL, None if nobody does; takes nothing and writes nothing."""
    file = Address.parse(url).file
    if file is None:
        return None
    path = _beside(file)
    try:
        # A shared lock can be had for reading, so this works where nothing can be written.
        with path.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        _, role = _content(path)
        return "post" if role == "post" else "run"
    except OSError:
        return None
    return None


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


def _beside(file: Path) -> Path:
    # Through a link it is the same database.
    return Path(f"{file.resolve()}.lock")


def _content(path: Path) -> tuple[str, str]:
    """The process and the role that a lock file names, empty where it names none."""
    try:
        process, _, role = path.read_text(encoding="ascii", errors="replace").partition(" ")
    except FileNotFoundError:
        return "", ""
    return (process.strip() if process.strip().isdecimal() else ""), role.strip()
