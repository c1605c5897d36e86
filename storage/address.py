"""Where the database is: DATABASE_URL, understood and shown without its password."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.errors import StorageError

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_EXPECTED = "expected sqlite+aiosqlite:///paperround.db or postgresql+asyncpg://user@host/name"
# Of https://sqlite.org/uri.html those that leave it a file that can be written, or say it cannot.
_MODES = ("ro", "rw", "rwc", "memory")


@dataclass(frozen=True)
class Address:
    """A database's address; as text the file's path, or the URL without its password."""

    url: URL

    @classmethod
    def parse(cls, text: str) -> "Address":
        """The address in a setting. Raises StorageError."""
        try:
            url = make_url(text.strip())
        except (ArgumentError, ValueError):
            # The text is not shown: a password may stand anywhere in it.
            raise StorageError(f"DATABASE_URL is not a database's address: {_EXPECTED}") from None
        drivername = _DRIVERS.get(url.drivername, url.drivername)
        if drivername not in _DRIVERS.values():
            raise StorageError(f"DATABASE_URL cannot begin with {url.drivername!r}: {_EXPECTED}")
        address = cls(url.set(drivername=drivername))
        if address.is_file and (address.file is None or url.host or url.username):
            raise StorageError(f"DATABASE_URL names no file: {_EXPECTED}")
        if address.is_file:
            _check_options(url)
        return address

    @property
    def is_file(self) -> bool:
        """Whether it is an SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @cached_property
    def file(self) -> Path | None:
        """The SQLite file, None for a server and for a database in memory only."""
        database = self.url.database or ":memory:"
        if "uri" in self.url.query:
            database = unquote(database.removeprefix("file:"))
        if not self.is_file or ":memory:" in database or self.url.query.get("mode") == "memory":
            return None
        return Path(database)

    def without_password(self, said: str) -> str:
        """The text without the address's password, wherever that stood."""
        return said.replace(self.url.password, "***") if self.url.password else said

    def __str__(self) -> str:
        return str(self.file or self.url.render_as_string(hide_password=True))


def _check_options(url: URL) -> None:
    """Raises StorageError for what stands after the question mark and would be passed over."""
    for name, value in url.query.items():
        fits = {
            "uri": value == "true" and (url.database or "").startswith("file:"),
            "mode": value in _MODES and "uri" in url.query,
            "timeout": isinstance(value, str) and value.isdecimal(),
        }
        if not fits.get(name, False):
            raise StorageError(f"DATABASE_URL has an option that cannot be used: {name!r}")
