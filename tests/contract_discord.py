"""The commands on Discord as the tests of the contract and of the menus use them."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.subscription import Target
from tests.contract import House, house
from tests.discord_adapter import Draw, adapter_of, until
from tests.emulators.discord_components import BUTTON, SELECT, walk
from tests.emulators.discord_errors import Json
from tests.emulators.discord_interaction import Interaction
from tests.emulators.discord_server import DiscordServer
from tests.emulators.discord_world import Message

FORM = 9


@dataclass
class Home:
    """The house and its Discord."""

    house: House
    server: DiscordServer

    async def say(self, name: str, **options: object) -> Message:
        """The answer to a command of the owner, who manages every channel."""
        asked = await self.server.command(name, options, user=self.server.owner)
        return await asked.answer()

    async def press(self, message: Message, wanted: str) -> Interaction:
        return await self.server.press(message, wanted, self.server.owner)

    async def choose(self, message: Message, wanted: str, *values: str) -> Message:
        """The message once the menu has changed it."""
        (mark,) = [
            part["custom_id"]
            for part in walk(message.components)
            if part["type"] == SELECT and wanted in part["placeholder"]
        ]
        asked = await self.server.select(message, mark, values, self.server.owner)
        return await asked.edited()


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    monkeypatch.chdir(tmp_path)
    async with DiscordServer(channel_limit=None, global_limit=None) as server:
        adapter = adapter_of(server, Draw())
        target = Target("discord", str(server.text.id))
        async with house(tmp_path, "discord", adapter, target) as found:
            await server.ready()
            await until(lambda: adapter._client is not None and adapter._client.is_ready())
            yield Home(found, server)


def words(message: Message) -> str:
    """What a message says, its Markdown escapes taken away."""
    said = " ".join(f"{e.get('title', '')} {e.get('description', '')}" for e in message.embeds)
    return re.sub(r"\\(?=\W)", "", said)


def labels(message: Message) -> list[str]:
    return [part["label"] for part in walk(message.components) if part["type"] == BUTTON]


def parts(message: Message) -> list[Json]:
    return [part for part in walk(message.components) if part["type"] in (BUTTON, SELECT)]
