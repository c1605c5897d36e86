"""What the operating commands share: settings, their own errors, an event loop."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.complaints import BAD, complain
from bot.dates import BadDateError
from bot.logs import set_up
from bot.settings import BadSettingError, Settings, load_settings
from core.sources.file import UnreadableFileError
from storage.database import StorageError


def command(work: Callable[[Settings], Awaitable[int]], *, log_level: str = "") -> int:
    """The exit code of ``work``; what is wrong with settings, files or database is one line.

    ``log_level`` replaces the operator's where a command speaks for itself.
    """
    try:
        settings = load_settings()
        set_up(log_level or settings.log_level, settings.log_format)
        return asyncio.run(_awaited(work, settings))
    except BadDateError as error:
        return complain(f"--date: {error}", BAD)
    except (BadSettingError, UnreadableFileError, StorageError) as error:
        return complain(str(error), BAD)


async def _awaited(work: Callable[[Settings], Awaitable[int]], settings: Settings) -> int:
    return await work(settings)
