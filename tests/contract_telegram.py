"""The commands on Telegram as the tests of the contract and of the menus use them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.subscription import Target
from tests.contract import House, house
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import adapter_of

_SAYING = ("sendMessage", "sendPhoto", "editMessageText")


@dataclass
class Home:
    """The house, its Telegram, and a group with an administrator."""

    house: House
    server: TelegramServer
    boss: User
    group: Chat

    async def say(self, text: str, *, by: User | None = None) -> Message:
        """The first message of the answer."""
        before = len(self.server.messages(self.group))
        await self.server.say(self.group, by or self.boss, text)
        return (await self.more(before))[0]

    async def more(self, before: int) -> list[Message]:
        """The messages that came behind the first so many, once there is one."""
        return await self.server.wait_for(lambda: self.server.messages(self.group)[before:])

    async def press(
        self, message: Message, button: str, *, by: User | None = None
    ) -> tuple[str, Message]:
        """The word beside the press, and the message that it brought or changed."""
        said = self.said()
        before = len(self.server.messages(self.group))
        answer = await self.server.press(message, button, by or self.boss).answered()
        if text := answer.get("text"):
            assert answer["show_alert"]
            return text, message
        await self.server.wait_for(lambda: self.said() > said)
        new = self.server.messages(self.group)[before:]
        return "", new[0] if new else message

    def said(self) -> int:
        """How many messages were sent or changed, or found to be as they were to be."""
        return sum(
            one.method in _SAYING and (one.status == 200 or "not modified" in one.description)
            for one in self.server.requests
        )


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    monkeypatch.chdir(tmp_path)
    # The flood of a test that presses everything is no chat's; the limits have their own tests.
    for most in ("_GROUP", "_GROUP_POSTS", "_GROUP_ANSWERS"):
        monkeypatch.setattr(f"bot.adapters.telegram_limits.{most}", 100_000)
    async with TelegramServer(flood=None) as server:
        boss = server.world.user("Mina", language_code="en")
        group = server.world.group("Papers", admins=[boss])
        adapter = adapter_of(server, rate=10_000.0)
        target = Target("telegram", str(group.id))
        async with house(tmp_path, "telegram", adapter, target) as found:
            await server.wait_polling()
            yield Home(found, server, boss, group)


def labels(message: Message) -> list[str]:
    return [button["text"] for button in message.buttons]
