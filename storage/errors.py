"""What goes wrong with a database."""


class StorageError(Exception):
    """The database cannot be used; one line that names it and says what to do, no password in it."""


class DatabaseInUseError(StorageError):
    """Another service holds the database; the line names it and its process."""
