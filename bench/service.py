"""`python -m bench.service`: how soon the service is ready in both chats, and what it holds then.

The real program between the emulators: ready is Discord's READY and Telegram's first poll after
exec. Memory is the resident set of the process and its workers: idle, and again after an edition was
built, posted to both chats and its worker has ended. With the day 2025-07-15 of the real corpus
where that lies beside the project, else with twelve made-up papers.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from bench.digest import CORPUS, resident
from tests.emulators.arxiv_api import load
from tests.program import DAY, Chats, chats

RUNS = 5
# A worker without work ends after twenty seconds.
WORKER_ENDS = 25


async def main() -> None:
    """Print the times to ready, then the memory before and after a day."""
    seconds = [await _ready() for _ in range(RUNS)]
    print(f"ready: median {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        async with chats(Path(folder)) as here:
            await _day(here)


async def _ready() -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with chats(Path(folder)) as here:
            start = time.perf_counter()
            await here.program.spawn("2025-07-15T00:30")
            await here.discord.connected()
            await here.telegram.wait_polling()
            return time.perf_counter() - start


async def _day(here: Chats) -> None:
    papers = CORPUS / f"{DAY}.jsonl"
    if papers.exists():
        here.sources.entries[:] = load(papers, DAY)
    await here.start("2025-07-15T00:30")
    print(f"idle: {_megabytes(here):.0f} MB")
    await (await here.discord.command("subscribe", user=here.discord.owner)).answer()
    mina = here.telegram.world.user("Mina")
    alone = here.telegram.world.private(mina)
    await here.telegram.say(alone, mina, "/subscribe")
    start = time.perf_counter()
    await (await here.discord.command("post", user=here.discord.owner)).answer(60)
    await here.telegram.say(alone, mina, "/post")
    await here.discord.wait_for(lambda: here.discord.threads(here.discord.text), "thread", 60)
    print(
        f"papers: {len(here.sources.entries)}; command to thread {time.perf_counter() - start:.2f} s"
    )
    peak = _megabytes(here)
    await asyncio.sleep(WORKER_ENDS)
    print(f"while its worker lives: {peak:.0f} MB; after: {_megabytes(here):.0f} MB")
    await here.program.stop()


def _megabytes(here: Chats) -> float:
    assert here.program.process  # noqa: S101
    return resident(here.program.process.pid)


if __name__ == "__main__":
    asyncio.run(main())
