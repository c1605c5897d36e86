"""Writing an edition's files: each whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


class UnwritableError(OSError):
    """A folder that cannot be written to; the message names it and says why."""


def check_folder(folder: Path) -> None:
    """Raise UnwritableError if the folder plainly cannot be written, before any work is done."""
    nearest = next(part for part in (folder, *folder.parents) if part.exists())
    if not nearest.is_dir():
        raise UnwritableError(f"{folder} cannot be written: {nearest} is not a folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise UnwritableError(f"{folder} cannot be written: {nearest} is read-only")


def write_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write every file into ``folder``, made if need be. Raises UnwritableError.

    All are written aside first and moved in last, so a full disk leaves the old ones in place.
    """
    if blocked := [name for name in contents if (folder / name).is_dir()]:
        raise UnwritableError(f"{folder / blocked[0]} cannot be written: Is a directory")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as aside:
            for name, content in contents.items():
                (Path(aside) / name).write_bytes(content)
            for name in contents:
                (Path(aside) / name).replace(folder / name)
    except OSError as error:
        raise UnwritableError(f"{folder} cannot be written: {error.strerror or error}") from error
