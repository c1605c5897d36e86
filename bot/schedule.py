"""The clock of the service: collect, publish, send, each on its own beat."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.collect import Collector
from bot.correct import Corrector
from bot.delivery import Sender
from bot.publish import Publisher
from storage.database import StorageError

log = structlog.get_logger(__name__)
Beat = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Work:
    """What is done again and again; each beat asks the rows what is due, so none is missed."""

    collector: Collector
    publisher: Publisher
    corrector: Corrector
    senders: Sequence[Sender]
    clock: Callable[[], datetime]
    publishing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def collect(self) -> None:
        """Fetch what is not complete; what waited for it is published, what it belies corrected."""
        async for _ in self.collector.collect_if_needed(self.clock()):
            await self.publish()
        await self.correct()

    async def publish(self) -> None:
        """Owe what is due."""
        async with self.publishing, self.collector.storing:
            await self.publisher.publish_due(self.clock())

    async def correct(self) -> None:
        """Set right what posts tell of their coverage, after a crash too."""
        async with self.publishing, self.collector.storing:
            await self.corrector.correct(self.clock())


class Beats:
    """APScheduler running the work: a beat that comes late or twice is run once, the first at once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._stopping = False
        self._told: dict[str, str] = {}
        self._running: dict[asyncio.Task[object], str] = {}
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        # A beat of its own for each platform: one that is slow holds up no other.
        sending = [(f"send {s.adapter.platform}", s.drain, 2) for s in work.senders]
        for name, beat, seconds in (
            ("collect", work.collect, 60),
            ("publish", work.publish, 60),
            *sending,
        ):
            self._scheduler.add_job(
                self._guarded,
                "interval",
                args=(name, beat),
                seconds=seconds,
                next_run_time=datetime.now(UTC),
                id=name,
            )

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()

    async def stop(self, seconds: float) -> None:
        """End within ``seconds``: fetching at once, a message under way after it is written down."""
        self._stopping = True
        self._scheduler.pause()
        for sender in self._work.senders:
            sender.stop()
        for task, name in list(self._running.items()):
            if name == "collect":
                task.cancel()
        if self._running:
            _, late = await asyncio.wait(list(self._running), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._scheduler.shutdown(wait=False)

    async def _guarded(self, name: str, beat: Beat) -> None:
        """The outermost loop: one failed beat is logged, and the next one tries again."""
        task = asyncio.current_task()
        if task:
            self._running[task] = name
        try:
            await beat()
            self._told.pop(name, None)
        except asyncio.CancelledError:
            # Only stop() cancels; APScheduler would take it for a fault of the job.
            if not self._stopping:
                raise
        except StorageError as error:
            # A full disk fails every beat: it is told once.
            if self._told.get(name) != str(error):
                log.error("beat failed", beat=name, error=str(error))  # noqa: TRY400 - in words
            self._told[name] = str(error)
        except Exception:
            log.exception("beat failed", beat=name)
        finally:
            if task:
                del self._running[task]
