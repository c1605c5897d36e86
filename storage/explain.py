"""A database's errors, told in one line to the people who run it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError

from storage.address import Address
from storage.errors import StorageError

# SQLite's own names (https://sqlite.org/rescode.html); an extended name begins with its plain one.
_SQLITE = {
    "SQLITE_NOTADB": "is not a database: restore a backup or name another file in DATABASE_URL",
    "SQLITE_CORRUPT": "is damaged: stop the service and restore a backup",
    "SQLITE_READONLY": "cannot be written: let this user write the file and its folder",
    "SQLITE_PERM": "cannot be written: let this user write the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened: see that its folder exists and that this user may use it",
    "SQLITE_FULL": "cannot grow: the disk is full; free some space, then do it again",
    "SQLITE_IOERR": "cannot be read or written: see whether its disk is full or failing",
    "SQLITE_BUSY": "is held by another program: let that end, then try again",
    "SQLITE_LOCKED": "is held by another program: let that end, then try again",
}


@contextmanager
def explained(address: Address) -> Iterator[None]:
    """Turns every error of the database inside into a StorageError that names it."""
    try:
        yield
    except StatementError as error:
        # A value that does not fit its column is our mistake, not the database's trouble.
        if not isinstance(error, DBAPIError) and isinstance(error.orig, ValueError | TypeError):
            raise error.orig from None
        raise StorageError(_sentence(address, error.orig or error)) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StorageError(_sentence(address, error)) from error
    except OSError as error:
        raise StorageError(f"{address}: {error.strerror or error}") from error


def is_busy(error: DBAPIError) -> bool:
    """Whether another program held the database too long."""
    return getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _sentence(address: Address, error: BaseException) -> str:
    name = getattr(error, "sqlite_errorname", "")
    for plain, advice in _SQLITE.items():
        if name.startswith(plain):
            return f"{address} {advice}"
    said = next(iter(str(error).splitlines()), "") or type(error).__name__
    return f"{address}: {address.without_password(said)}"
