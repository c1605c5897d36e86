"""The real program as a process, between emulated chats and sources."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from core.sources.listing import listing_before
from tests.arxiv_runs import entries
from tests.emulators.arxiv_api import Entry
from tests.emulators.discord_server import DiscordServer
from tests.emulators.sources_server import SourcesServer
from tests.emulators.telegram_server import TelegramServer
from tests.factories import ARXIV_ALONE, FONTS

ROOT = Path(__file__).parents[1]
DAY = date(2025, 7, 15)


def listing(day: date, images: int = 9, robots: int = 3) -> list[Entry]:
    """A listing with two categories."""
    papers = entries(images + robots, day)
    number = day.toordinal() % 90_000
    return [
        replace(
            paper,
            id=f"{2500 + day.month:04}.{(number * 100 + n) % 100_000:05}",
            title=f"Image segmentation with attention {n}"
            if n < images
            else f"Robot grasping and manipulation {n}",
        )
        for n, paper in enumerate(papers)
    ]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Program:
    """One installation in a folder; started, stopped and started again."""

    folder: Path
    settings: dict[str, str]
    process: asyncio.subprocess.Process | None = None
    _starts: int = 0

    async def start(self, at: str, **settings: str) -> None:
        """Start the service with its clock at this time (UTC), and return when it runs."""
        await self.spawn(at, **settings)
        assert self.process
        async with asyncio.timeout(30):
            while self.events("running") < self._starts:
                assert self.process.returncode is None, self.log
                await asyncio.sleep(0.02)

    async def spawn(self, at: str, **settings: str) -> None:
        """Start the service, and do not wait for it."""
        self._starts += 1
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-W", "error::ResourceWarning", "-m", "tests.run_at", at),
                cwd=self.folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self.folder),
                    **FONTS,
                    "PYTHONPATH": str(ROOT),
                    "LOG_FORMAT": "json",
                    **self.settings,
                    **settings,
                },
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
            )

    async def stop(self) -> None:
        """End it as a process manager does; it must take less than ten seconds."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(self.process.wait(), 10) == 0, self.log

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    def events(self, name: str) -> int:
        """How many lines of the log tell of this; every line must be JSON."""
        lines = self.log.splitlines()
        return sum(json.loads(line)["event"] == name for line in lines if line.endswith("}"))

    @property
    def _log(self) -> Path:
        return self.folder / "log"


@dataclass
class Chats:
    """Both chats, the sources and the program between them."""

    program: Program
    sources: SourcesServer
    discord: DiscordServer
    telegram: TelegramServer

    async def start(self, at: str, **settings: str) -> None:
        """Start the program, and return when both chats would take a command."""
        await self.program.start(at, **settings)
        await self.discord.ready()
        await self.telegram.wait_polling()


@asynccontextmanager
async def chats(folder: Path, **settings: str) -> AsyncIterator[Chats]:
    """The emulators running, the program not yet."""
    papers = [paper for day in (listing_before(DAY), DAY) for paper in listing(day)]
    async with (
        SourcesServer(papers) as sources,
        DiscordServer() as discord,
        TelegramServer() as telegram,
    ):
        program = Program(
            folder,
            {
                **ARXIV_ALONE,
                "ARXIV_API_URL": sources.arxiv_api_url,
                "ARXIV_FEED_URL": sources.arxiv_feed_url,
                "ARXIV_DELAY_SECONDS": "0",
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                "DISCORD_GATEWAY_URL": discord.gateway_url,
                "TELEGRAM_TOKEN": "123456:TEST",
                "TELEGRAM_API_URL": telegram.url,
                "DIGEST_LANGUAGE": "en",
                **settings,
            },
        )
        try:
            yield Chats(program, sources, discord, telegram)
        finally:
            if program.process and program.process.returncode is None:
                program.process.kill()
                await program.process.wait()
