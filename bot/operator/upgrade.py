"""``paperround db upgrade``: bring the schema up to date."""

from bot.complaints import USEFUL
from bot.operator.shell import command
from bot.settings import Settings
from core.i18n import catalog
from storage.database import upgrade


def run() -> int:
    """Run the command and give its exit code."""
    return command(_upgrade, log_level="WARNING")


async def _upgrade(settings: Settings) -> int:
    applied = await upgrade(settings.database_url)
    words = catalog(settings.digest_language)
    if applied:
        print(words.say("cli.upgraded", steps=", ".join(applied)))  # noqa: T201
    else:
        print(words.say("cli.up_to_date"))  # noqa: T201
    return USEFUL
