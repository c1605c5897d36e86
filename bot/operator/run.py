"""``paperround run``: the service."""

from bot.app import serve
from bot.complaints import USEFUL
from bot.operator.shell import command
from bot.settings import Settings


def run() -> int:
    """Run until a signal ends it; the exit code."""
    return command(_serve)


async def _serve(settings: Settings) -> int:
    await serve(settings)
    return USEFUL
