"""`python -m bench.answers`: how fast `/digest cv` is answered from storage, and the loop meanwhile.

The emulated Discord and Telegram, and the people who ask, are this process; the service is another,
with a stopwatch in it (bench.measured). Each question comes from somebody else, so that nobody is
throttled, at its own moment, whether or not those before it are answered. Ours is the time from
the moment that a question was read from the socket to the one at which its last answer was handed
to it, without the waiting for the platform to take the answers before that; Telegram's own limit of
messages a second is lifted. Then, in new processes, how late the event loop is while an edition is
built: from the command to its answer, the papers having been collected before. With the day
2025-07-15 of the real corpus where that lies beside the project, else with twelve made-up papers.
"""

import argparse
import asyncio
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.digest import CORPUS
from tests.emulators.arxiv_api import load
from tests.emulators.discord_server import DiscordServer
from tests.emulators.sources_server import SourcesServer
from tests.emulators.telegram_server import TelegramServer
from tests.factories import ARXIV_ALONE
from tests.program import DAY, ROOT, listing

_AT = "2025-07-15T00:30"
_HEARTBEAT_MS = 5_000
_PATIENCE = 60.0
_COUNTED = (50, 95, 99)
Ask = Callable[[int], Awaitable[object]]


def main() -> None:
    """Print percentiles of the answers and of the loop's lateness."""
    parser = argparse.ArgumentParser(prog="python -m bench.answers")
    parser.add_argument("--rate", type=float, default=100, help="questions a second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--builds", type=int, default=5)
    parser.add_argument("--platforms", nargs="*", default=["Discord", "Telegram"])
    options = parser.parse_args()
    # While the emulator looks for garbage, the service would wait for it.
    gc.disable()
    for platform in options.platforms:
        asyncio.run(_answers(platform, options.rate, options.seconds))
    if options.builds:
        asyncio.run(_builds(options.builds))


@dataclass
class Bench:
    """The service with its stopwatch, between the emulators."""

    folder: Path
    settings: dict[str, str]
    discord: DiscordServer
    telegram: TelegramServer
    process: asyncio.subprocess.Process | None = None

    async def run(self, *arguments: str) -> asyncio.subprocess.Process:
        """A process of the program in the folder."""
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=self.folder,
            env={"HOME": str(self.folder), "PYTHONPATH": str(ROOT), **self.settings},
            stdout=asyncio.subprocess.DEVNULL,
        )

    async def start(self) -> None:
        """Start the service, and return when both chats would take a command."""
        self.process = await self.run("-m", "bench.measured", _AT, "measured.json")
        await self.discord.ready()
        await self.telegram.wait_polling()

    async def stop(self) -> dict[str, Any]:
        """End the service; what its stopwatch says."""
        assert self.process  # noqa: S101
        self.process.terminate()
        if code := await self.process.wait():
            raise RuntimeError(f"the service ended with {code}")
        found: dict[str, Any] = json.loads((self.folder / "measured.json").read_text())
        return found

    async def by_discord(self, number: int) -> object:
        """Somebody asks in a server."""
        person = self.discord.add_user(f"reader {number}", guild=self.discord.home)
        return await self.discord.command("digest", {"category": "cv"}, user=person)

    async def by_telegram(self, number: int) -> object:
        """Somebody asks in private."""
        person = self.telegram.world.user(f"reader {number}")
        return await self.telegram.say(self.telegram.world.private(person), person, "/digest cv")

    def worked(self) -> float:
        """Seconds of a core that the service has used, without its workers (Linux)."""
        assert self.process  # noqa: S101
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def answered(self) -> int:
        """How many have been answered so far."""
        asked = self.discord.interactions.by_token.values()
        by_discord = sum(one.message is not None and not one.loading for one in asked)
        chats = (chat for chat in self.telegram.world.chats.values() if chat.type == "private")
        return by_discord + sum(bool(self.telegram.messages(chat)) for chat in chats)


@asynccontextmanager
async def _bench() -> AsyncIterator[Bench]:
    papers = CORPUS / f"{DAY}.jsonl"
    entries = load(papers, DAY) if papers.exists() else listing(DAY)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            SourcesServer(entries) as sources,
            DiscordServer(channel_limit=None, global_limit=None) as discord,
            TelegramServer(flood=None) as telegram,
        ):
            discord.gateway.heartbeat_ms = _HEARTBEAT_MS
            settings = {
                **ARXIV_ALONE,
                "ARXIV_API_URL": sources.arxiv_api_url,
                "ARXIV_FEED_URL": sources.arxiv_feed_url,
                "ARXIV_DELAY_SECONDS": "0",
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_URL": discord.api_url,
                "DISCORD_GATEWAY_URL": discord.gateway_url,
                "TELEGRAM_TOKEN": telegram.token,
                "TELEGRAM_API_URL": telegram.url,
                "DIGEST_LANGUAGE": "en",
                "LOG_LEVEL": "WARNING",
            }
            here = Bench(Path(folder), settings, discord, telegram)
            collecting = await here.run("-m", "bot", "collect", "--date", DAY.isoformat())
            await collecting.wait()
            try:
                yield here
            finally:
                if here.process and here.process.returncode is None:
                    here.process.kill()
                    await here.process.wait()


async def _answers(platform: str, rate: float, seconds: float) -> None:
    async with _bench() as here:
        await here.start()
        ask: Ask = {"Discord": here.by_discord, "Telegram": here.by_telegram}[platform]
        # The edition is sealed, the report written and the chart drawn for the first who ask.
        await ask(0)
        await _until(here, 1)
        begin, worked, own = time.monotonic(), here.worked(), time.process_time()
        beats = _heartbeats(here.discord)
        asked = await _ask_evenly(ask, rate, seconds)
        took = time.monotonic() - begin
        beats = _heartbeats(here.discord) - beats
        await _until(here, asked + 1)
        worked, own = here.worked() - worked, time.process_time() - own
        found = await here.stop()
    times = [one for one in found["questions"].values() if one[0] >= begin]
    lags = [lag for at, lag in found["lags"] if begin <= at < begin + took]
    print(
        f"{platform}: {asked} questions in {took:.1f} s, {len(times)} answered;"
        f" {1000 * worked / asked:.1f} ms of a core each ({1000 * own / asked:.1f} the emulator's);"
        f" heartbeats {beats} of {int(took * 1000 / _HEARTBEAT_MS)}"
    )
    _print("  ours", [one[2] for one in times])
    _print("  with the platform's own time", [one[1] for one in times])
    _print("  lateness of the loop", lags)


async def _ask_evenly(ask: Ask, rate: float, seconds: float) -> int:
    """Ask at the rate, each at its moment; how many questions that were."""
    begin = time.monotonic()
    count = int(rate * seconds)
    for number in range(count):
        await asyncio.sleep(max(begin + number / rate - time.monotonic(), 0))
        await ask(number + 1)
    return count


async def _until(here: Bench, count: int) -> None:
    """Wait until so many are answered. Raises TimeoutError."""
    async with asyncio.timeout(_PATIENCE):
        while here.answered() < count:  # noqa: ASYNC110 - two platforms, two ways to be told
            await asyncio.sleep(0.2)


def _heartbeats(discord: DiscordServer) -> int:
    return sum(session.heartbeats for session in discord.gateway.connected())


async def _builds(runs: int) -> None:
    lags: list[float] = []
    seconds: list[float] = []
    for _ in range(runs):
        async with _bench() as here:
            await here.start()
            begin = time.monotonic()
            await (await here.discord.command("digest")).answer(_PATIENCE)
            end = time.monotonic()
            found = await here.stop()
        seconds.append(end - begin)
        lags += [lag for at, lag in found["lags"] if begin <= at < end]
    print(f"edition: built and answered in {statistics.median(seconds):.2f} s (median of {runs})")
    _print("  lateness of the loop", lags)


def _print(name: str, seconds: Sequence[float]) -> None:
    order = sorted(seconds)
    if not order:
        print(f"{name}: nothing measured")
        return
    shown = (
        f"p{n} {1000 * order[min(len(order) * n // 100, len(order) - 1)]:.1f}" for n in _COUNTED
    )
    print(f"{name}: {', '.join(shown)}, most {1000 * order[-1]:.1f} ms")


if __name__ == "__main__":
    main()
