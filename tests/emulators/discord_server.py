"""A loopback Discord: REST and gateway by Discord's rules, a world to act in, faults on demand.

    python -m tests.emulators.discord_server --port 8081 --token TOKEN \\
        --fault drop_after,nth=2,method=POST,path=*/messages --no-limits

The first line on standard output is the address. ``DISCORD_API_URL`` is ``ADDRESS/api/v10`` and
``DISCORD_GATEWAY_URL`` is ``ws://…/gateway/``. Other processes act through ``/_control``; see
``discord_control.py`` for that and ``discord_faults.py`` for the faults.
"""

import argparse
import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from tests.emulators import discord_asking, discord_control, discord_faults, discord_pressing
from tests.emulators.discord_faults import Fault
from tests.emulators.discord_front import API, Front
from tests.emulators.discord_interaction import Interaction
from tests.emulators.discord_payloads import message_json
from tests.emulators.discord_world import Channel, Message, Ping, User

_SYSTEM_TYPES = frozenset({18, 21})
T = TypeVar("T")


class DiscordServer(Front):
    """The server in this process: ``async with DiscordServer() as server``.

    It starts with the guild ``home``, its channels ``text``, ``news`` and ``forum`` (tags ``cv``
    and ``llm``), its owner ``owner`` and a member ``reader``.
    """

    def __init__(
        self,
        *,
        token: str = "emulated-token",  # noqa: S107
        faults: Iterable[str | Fault] = (),
        port: int = 0,
        channel_limit: tuple[int, float] | None = (5, 5.0),
        global_limit: int | None = 50,
    ) -> None:
        super().__init__(token, faults, channel_limit, global_limit)
        self._port = port
        self.owner = self.world.owner
        self.home = self.add_guild("Home", self.owner)
        self.reader = self.add_user("reader", guild=self.home)
        self.text = self.add_channel(self.home, "papers")
        self.news = self.add_news(self.home, "news")
        self.forum = self.add_forum(self.home, "daily", ("cv", "llm"))
        app = self._app()
        discord_control.add_routes(app, self)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What ``DISCORD_API_URL`` should be."""
        return f"{self.url}{API}"

    @property
    def gateway_url(self) -> str:
        """What ``DISCORD_GATEWAY_URL`` should be."""
        return self.gateway.url

    @property
    def token(self) -> str:
        """What ``DISCORD_TOKEN`` should be."""
        return self.world.token

    @property
    def pings(self) -> list[Ping]:
        """Every mention that would have notified somebody."""
        return self.world.pings

    async def start(self) -> None:
        """Listen; port 0 finds a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.world.base_url = self.url

    async def stop(self) -> None:
        """Close every connection and stop."""
        await self.gateway.disconnect(1001)
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def wait_for(
        self, predicate: Callable[[], T], what: str = "the predicate", patience: float = 30.0
    ) -> T:
        """The predicate's first true value; it is asked again whenever something happened."""
        return await self.watch.until(predicate, what, patience)

    async def connected(self, shards: int = 1) -> None:
        """Return when this many shards are connected."""
        await self.wait_for(lambda: len(self.gateway.connected()) >= shards, "a connected bot")

    async def ready(self, shards: int = 1) -> None:
        """Return when this many shards are connected and the bot has registered commands."""
        await self.connected(shards)
        await self.wait_for(lambda: self.world.synced > 0, "registered commands")

    def messages(self, channel: Channel | int, *, private: bool = False) -> list[Message]:
        """The channel's messages, oldest first, without system messages and private answers."""
        held = self._channel(channel).messages.values()
        return [
            message
            for message in sorted(held, key=lambda message: message.id)
            if message.type not in _SYSTEM_TYPES and (private or not message.ephemeral)
        ]

    def threads(self, channel: Channel | int) -> list[Channel]:
        """The channel's threads, or the forum's posts, oldest first."""
        return list(self.world.threads_of(self._channel(channel)))

    def _channel(self, channel: Channel | int) -> Channel:
        return channel if isinstance(channel, Channel) else self.world.channels[channel]

    def json(self, message: Message) -> dict[str, object]:
        """The message as Discord shows it."""
        return message_json(self.world, message)

    async def command(
        self,
        name: str,
        options: Mapping[str, object] | None = None,
        *,
        user: User | None = None,
        channel: Channel | None = None,
        guild_locale: str | None = None,
        by_user_install: bool = False,
    ) -> Interaction:
        """The command used by ``reader`` in ``text`` unless told otherwise.

        Raises CannotUseError when Discord would not have offered it.
        """
        await self.connected()
        return discord_asking.command(
            self.interactions,
            name,
            options or {},
            user=user or self.reader,
            channel=channel or self.text,
            guild_locale=guild_locale,
            by_user_install=by_user_install,
        )

    async def autocomplete(
        self,
        name: str,
        focused: str,
        typed: str,
        options: Mapping[str, object] | None = None,
        *,
        user: User | None = None,
        channel: Channel | None = None,
    ) -> Interaction:
        """The text so far typed into the option ``focused``; await its ``choices``."""
        await self.connected()
        return discord_asking.command(
            self.interactions,
            name,
            {**(options or {}), focused: typed},
            user=user or self.reader,
            channel=channel or self.text,
            focused=focused,
        )

    async def press(self, message: Message, button: str, user: User | None = None) -> Interaction:
        """The button with this custom id or label pressed."""
        await self.connected()
        return discord_pressing.press(self.interactions, message, button, user or self.reader)

    async def select(
        self, message: Message, menu: str, values: Sequence[object], user: User | None = None
    ) -> Interaction:
        """Values, labels, users or channels chosen in the menu with this custom id or placeholder."""
        await self.connected()
        return discord_pressing.select(
            self.interactions, message, menu, values, user or self.reader
        )

    async def submit(self, asked: Interaction, values: Mapping[str, str]) -> Interaction:
        """The form that answered the interaction filled in, by label or custom id, and sent."""
        await self.connected()
        return discord_pressing.submit(self.interactions, asked, values)


async def _serve(options: argparse.Namespace) -> None:
    limits = {"channel_limit": None, "global_limit": None} if options.no_limits else {}
    server = DiscordServer(token=options.token, faults=options.fault, port=options.port, **limits)
    async with server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{discord_faults.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default="emulated-token")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429")
    parser.add_argument("--fault", action="append", default=[], help="see above; may be repeated")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
