"""The connection to the database: short transactions, one writer at a time.

The only file that knows SQLite's ways, apart from ``dialect.py``.
"""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.address import Address
from storage.errors import StorageError
from storage.explain import explained, is_busy

BUSY_TIMEOUT_MS = 5000
# Another program that writes without pause can win every turn; three timeouts in a row it cannot.
_BUSY_TRIES = 3
# How SQLite is told that a transaction begins; empty for a statement that must stand outside of one.
_BEGIN = "sqlite_begin"


class Database:
    """Transactions on one database; every error of it comes out as StorageError."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._reader = _engine(address)
        self._writer = self._reader.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        self._one_writer = asyncio.Lock()

    async def reach(self) -> None:
        """Opens an SQLite file and closes it again, to see whether that can be done at all.

        Where aiosqlite fails to open it, its thread outlives the event loop and prints a traceback.
        """
        if self.address.is_file:
            dialect = self._reader.dialect
            positional, named = dialect.create_connect_args(self.address.url)
            with explained(self.address):
                await asyncio.to_thread(_try_to_open, *positional, **named)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads: all it sees is of one moment."""
        with explained(self.address):
            async with self._reader.begin() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes: all of it is kept, or nothing where it raises."""
        with explained(self.address):
            async with self._one_writer, self._writer.connect() as connection:
                await _begin(connection)
                yield connection
                await connection.commit()

    async def keep_a_log(self) -> None:
        """SQLite: readers and the writer no longer wait for each other. The file remembers it.

        Where another program holds the file just now, the next opening does it.
        """
        with explained(self.address):
            async with self._reader.connect() as connection:
                plain = await connection.execution_options(**{_BEGIN: ""})
                try:
                    await plain.exec_driver_sql("PRAGMA journal_mode = WAL")
                except DBAPIError as error:
                    if not is_busy(error):
                        raise

    async def close(self) -> None:
        """Ends every connection."""
        await self._reader.dispose()


def _try_to_open(*positional: Any, **named: Any) -> None:  # noqa: ANN401 - the driver's own
    sqlite3.connect(*positional, **named).close()


async def _begin(connection: AsyncConnection) -> None:
    """Begins a transaction, waiting for another program; nothing is lost by asking again."""
    for tries_left in reversed(range(_BUSY_TRIES)):
        try:
            await connection.begin()
        except DBAPIError as error:
            if not tries_left or not is_busy(error):
                raise
        else:
            return


def _engine(address: Address) -> AsyncEngine:
    try:
        engine = create_async_engine(
            address.url,
            hide_parameters=True,
            json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
        )
    except ModuleNotFoundError as error:
        raise StorageError(f"{address} needs a driver that is missing: {error.name}") from None
    if address.is_file:
        event.listen(engine.sync_engine, "connect", _on_sqlite_connect)
        event.listen(engine.sync_engine, "begin", _on_sqlite_begin)
    return engine


def _on_sqlite_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    """Takes transactions out of the driver's hands: it begins them late and never IMMEDIATE.

    https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    """A transaction that reads first and then writes fails when another wrote in between."""
    if begin := connection.get_execution_options().get(_BEGIN, "BEGIN"):
        connection.exec_driver_sql(begin)
