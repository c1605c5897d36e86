"""The database's schema: which revision it has, and the way to this program's."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.address import Address
from storage.engine import Database
from storage.errors import StorageError
from storage.explain import explained

SCRIPTS = Path(__file__).parent / "migrations"
_VERSIONS = "alembic_version"
_UPGRADE = "run `paperround db upgrade`"


async def require_current(database: Database) -> None:
    """Raises StorageError unless the schema is this program's, and changes nothing."""
    if pending(database.address, await _revision(database)):
        raise StorageError(f"{database.address} is older than this program: {_UPGRADE}")


async def upgrade(database: Database) -> list[str]:
    """Applies the pending revisions, all or none, after a backup; the revisions applied.

    Raises StorageError, and then leaves everything as it was.
    """
    found = await _revision(database)
    if not pending(database.address, found):
        return []
    file = database.address.file
    if found and file is not None:
        with explained(database.address):
            await asyncio.to_thread(_back_up, file, found)
    async with database.write() as connection:
        return await connection.run_sync(_apply, database.address)


def pending(address: Address, found: str | None) -> list[str]:
    """The revisions from the one found to the newest. Raises StorageError for one not known."""
    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    known = [step.revision for step in steps][::-1]
    if found is None:
        return known
    if found not in known:
        raise StorageError(
            f"{address} was written by a newer Paperround (its schema is {found!r}):"
            " upgrade the program, or restore the backup made before"
        )
    return known[known.index(found) + 1 :]


async def _revision(database: Database) -> str | None:
    async with database.read() as connection:
        return await connection.run_sync(_revision_of, database.address)


def _revision_of(connection: Connection, address: Address) -> str | None:
    """The revision of the schema, None for an empty database. Raises StorageError."""
    tables = inspect(connection).get_table_names()
    if _VERSIONS in tables:
        revision: str | None = connection.scalar(text(f"SELECT version_num FROM {_VERSIONS}"))  # noqa: S608 - our own constant
        return revision
    if tables:
        raise StorageError(f"{address} belongs to another program: name another in DATABASE_URL")
    return None


def _apply(connection: Connection, address: Address) -> list[str]:
    """Upgrades inside the transaction that is open; another program may have done it already."""
    steps = pending(address, _revision_of(connection, address))
    if steps:
        command.upgrade(_config(connection), "head")
    return steps


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _back_up(file: Path, revision: str) -> None:
    """Copies the database beside itself, complete or not at all."""
    target = file.with_name(f"{file.name}.{revision}.bak")
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(unfinished)) as copy,
        ):
            source.backup(copy)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
