"""Opening the database."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from storage import migrate
from storage.address import Address
from storage.engine import Database
from storage.errors import DatabaseInUseError, StorageError
from storage.explain import explained
from storage.lock import ServiceLock, held_by, require_writable, service_lock
from storage.store import Store

__all__ = [
    "DatabaseInUseError",
    "ServiceLock",
    "StorageError",
    "database_file",
    "existing_store",
    "held_by",
    "open_store",
    "service_lock",
    "upgrade",
]


def database_file(url: str) -> Path | None:
    """The SQLite file at this URL, None for a server. Raises StorageError."""
    return Address.parse(url).file


@asynccontextmanager
async def open_store(url: str) -> AsyncIterator[Store]:
    """The store at this URL: created if absent, brought up to date, closed at the end.

    Before an upgrade an SQLite file is copied to ``<file>.<its revision>.bak``. Raises StorageError,
    as every method of the store does.
    """
    async with _prepared(Address.parse(url)) as (database, _):
        yield Store(database)


@asynccontextmanager
async def existing_store(url: str) -> AsyncIterator[Store | None]:
    """The store at this URL as it is, None where there is no file. Creates and upgrades nothing.

    Raises StorageError, also for a schema that is older or newer than this program's.
    """
    address = Address.parse(url)
    if address.file is not None:
        with explained(address):
            is_there = address.file.exists() and address.file.stat().st_size > 0
        if not is_there:
            yield None
            return
        address = _as_it_is(address, address.file)
    async with _reached(address) as database:
        await migrate.require_current(database)
        yield Store(database)


async def upgrade(url: str) -> list[str]:
    """Brings the schema up to date, creating it if absent; the revisions applied, oldest first."""
    async with _prepared(Address.parse(url)) as (_, applied):
        return applied


@asynccontextmanager
async def _prepared(address: Address) -> AsyncIterator[tuple[Database, list[str]]]:
    """The database with this program's schema, and the revisions that it lacked."""
    file = address.file
    with explained(address):
        if file is not None:
            require_writable(file)
        is_new = file is not None and not file.exists()
    async with _reached(address) as database:
        try:
            applied = await migrate.upgrade(database)
        except BaseException:
            if is_new and file is not None:
                await database.close()
                _remove_if_empty(file)
            raise
        if file is not None:
            await database.keep_a_log()
        yield database, applied


@asynccontextmanager
async def _reached(address: Address) -> AsyncIterator[Database]:
    """The database, which can be opened; its connections end with this."""
    database = Database(address)
    try:
        await database.reach()
        yield database
    finally:
        await database.close()


def _remove_if_empty(file: Path) -> None:
    """Takes away the file that a failed creation left: SQLite has rolled it back to nothing."""
    with suppress(OSError):
        if not file.stat().st_size:
            file.unlink()


def _as_it_is(address: Address, file: Path) -> Address:
    """The address of a file that is there, for opening it without making or changing one.

    Where its folder cannot be written SQLite cannot make the files of its log, so it is told that
    nothing will change (https://sqlite.org/wal.html#readonly).
    """
    if "uri" in address.url.query:
        return address
    name = f"file:{quote(str(file.absolute()))}"
    how = {"mode": "rw", "uri": "true"}
    if not os.access(file.absolute().parent, os.W_OK):
        how = {"mode": "ro", "uri": "true"}
        if not Path(f"{file}-wal").exists():
            how["immutable"] = "1"
    return Address(address.url.set(database=name).update_query_dict(how))
