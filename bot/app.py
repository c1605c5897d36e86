"""The composition root: builds every part from the settings, starts and stops the service."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from bot.adapters.base import Adapter, BadTokenError
from bot.adapters.console import CHAT, PLATFORM, ConsoleAdapter
from bot.answers.desk import Desk
from bot.charts import draw
from bot.collect import Collector
from bot.commands import CommandTable
from bot.correct import Corrector
from bot.delivery import Sender
from bot.due import next_due, previous_due
from bot.pool import Pool
from bot.publish import Publisher, Rules
from bot.reporting import summariser_of
from bot.schedule import Beats, Work
from bot.settings import BadSettingError, Settings, load_categories
from bot.shelf import Shelf
from bot.sources import sources_of
from bot.telling import Teller
from bot.web import Hook, Web
from core.blocks import Chart
from core.classify.default import DefaultClassifier
from core.subscription import Target, Wish
from storage.database import database_file, open_store, service_lock
from storage.store import Store

log = structlog.get_logger(__name__)
# The platforms take up to three more to say goodbye.
_SHUTDOWN_SECONDS = 5.0


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class App:
    """The parts, built."""

    store: Store
    collector: Collector
    publisher: Publisher
    commands: CommandTable
    teller: Teller
    web: Web | None = None

    @property
    def senders(self) -> tuple[Sender, ...]:
        """One sender for each platform."""
        return tuple(
            Sender(self.store, adapter, self.commands.desk.clock, self.teller.tell)
            for adapter in self.publisher.adapters.values()
        )


@asynccontextmanager
async def build(settings: Settings, clock: Callable[[], datetime] = utc_now) -> AsyncIterator[App]:
    """The parts for these settings, closed at the end. Raises StorageError, BadSettingError."""
    # What is wrong with them is said before a database is made.
    load_categories(settings)
    async with open_store(settings.database_url) as store, parts(settings, store, clock) as app:
        yield app


@asynccontextmanager
async def parts(
    settings: Settings, store: Store, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[App]:
    """The parts around an open store. Raises BadSettingError."""
    taxonomy = load_categories(settings)
    pool = Pool()
    async with AsyncExitStack() as opened:
        opened.callback(pool.close)
        writing = summariser_of(settings, store.usage, clock)
        sources = sources_of(settings, remembers=True)
        shelf = Shelf(
            store,
            DefaultClassifier(taxonomy),
            taxonomy,
            pool,
            settings.papers_per_category,
            tuple(source.name for source in sources),
            settings.digest_timezone,
            await opened.enter_async_context(writing),
        )
        hooks: list[Hook] = []
        adapters = adapters_of(settings, pool, hooks)
        publisher = Publisher(store, shelf, adapters, rules_of(settings))
        collector = Collector(store, sources)
        desk = Desk(store, shelf, collector, publisher, settings, clock)
        teller = Teller(adapters)
        opened.push_async_callback(teller.close)
        commands = CommandTable(desk, tell=teller.tell)
        port = settings.listening_port
        web = Web(port, hooks) if port else None
        yield App(store, collector, publisher, commands, teller, web)


def adapters_of(settings: Settings, pool: Pool, hooks: list[Hook]) -> dict[str, Adapter]:
    """The adapter of each platform there is a token for; the console where there is none.

    ``hooks`` get what the platforms are to post to.
    """
    found: dict[str, Adapter] = {}

    async def light(chart: Chart) -> bytes:
        return await pool(draw, chart)

    async def dark(chart: Chart) -> bytes:
        return await pool(draw, chart, dark=True)

    # A chat library takes half a second to load: only those that are used are.
    if token := settings.discord_token.get_secret_value():
        from bot.adapters.discord import DiscordAdapter  # noqa: PLC0415

        found["discord"] = DiscordAdapter(
            token,
            str(settings.discord_api_url),
            str(settings.discord_gateway_url),
            dark,
            taxonomy=load_categories(settings),
            rate=settings.discord_rate,
            shards=settings.discord_shard_count,
            crosspost=settings.discord_crosspost == "yes",
        )
    if token := settings.telegram_token.get_secret_value():
        from bot.adapters.telegram import TelegramAdapter  # noqa: PLC0415

        found["telegram"] = telegram = TelegramAdapter(
            token,
            str(settings.telegram_api_url),
            light,
            rate=settings.telegram_rate,
            after_crash=settings.telegram_after_crash,
            webhook_url=str(settings.telegram_webhook_url or ""),
        )
        hooks += [telegram.webhook] if telegram.webhook else []
    if found:
        return found
    database = database_file(settings.database_url) or Path("paperround.db")
    return {PLATFORM: ConsoleAdapter(Path(f"{database.resolve()}.console.jsonl"))}


@asynccontextmanager
async def connected(
    adapters: dict[str, Adapter], commands: CommandTable | None
) -> AsyncIterator[None]:
    """The platforms, connected together; those whose token is refused are left out of the dict.

    Raises BadSettingError where none is left.
    """
    names = list(adapters)
    try:
        starting = [adapters[name].start(commands) for name in names]
        refused = []
        for name, result in zip(
            names, await asyncio.gather(*starting, return_exceptions=True), strict=True
        ):
            if isinstance(result, BadTokenError):
                refused.append(str(result))
                await adapters.pop(name).stop()
            elif result is not None:
                raise result
        if not adapters:
            raise BadSettingError("; ".join(refused))
        for error in refused:
            log.error("platform left out", error=error)
        yield
    finally:
        await asyncio.gather(*(adapter.stop() for adapter in adapters.values()))


@asynccontextmanager
async def listening(web: Web | None) -> AsyncIterator[None]:
    """The web server, if there is one. Raises BadSettingError."""
    if web is None:
        yield
        return
    await web.start()
    try:
        yield
    finally:
        await web.stop()


def rules_of(settings: Settings) -> Rules:
    """What publishing follows."""
    return Rules(
        wait=timedelta(minutes=settings.digest_wait_minutes),
        catch_up=timedelta(hours=settings.catch_up_hours),
        categories=settings.digest_categories,
        categories_per_post=settings.categories_per_post,
    )


def default_wish(settings: Settings) -> Wish:
    """What a subscription is that names nothing itself."""
    return Wish(
        language=settings.digest_language,
        at=settings.digest_time,
        zone=settings.digest_timezone,
    )


async def subscribe_console(store: Store, settings: Settings, now: datetime) -> None:
    """Make this terminal a subscriber, and due at once if its hour of today has passed."""
    target = Target(PLATFORM, CHAT)
    wish = default_wish(settings)
    known = await store.subscriptions.of(target)
    if not known:
        last = previous_due(wish, now)
        recent = now - last <= timedelta(hours=settings.catch_up_hours)
        await store.subscriptions.add(
            target, wish, last if recent else next_due(wish, now), "", now
        )
    elif known[0].wish != wish:
        # The terminal has no other way to say what it wants than the settings; what was due
        # already stays due.
        due = known[0].next_due if known[0].next_due <= now else next_due(wish, now)
        await store.subscriptions.change(known[0].id, wish, due)


async def serve(settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
    """Run until SIGINT or SIGTERM. Raises StorageError, BadSettingError."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    # From the first moment on: a signal that comes while the database is upgraded waits for that.
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    async with service_lock(settings.database_url, "run"), build(settings, clock) as app:
        if PLATFORM in app.publisher.adapters:
            await subscribe_console(app.store, settings, clock())
        _tell_what_is_off(settings)
        async with listening(app.web), connected(app.publisher.adapters, app.commands):
            await _run(app, clock, stopping)


def _tell_what_is_off(settings: Settings) -> None:
    for name in ("discord_token", "telegram_token"):
        if not getattr(settings, name).get_secret_value():
            log.info("platform off", setting=name.upper())


async def _run(app: App, clock: Callable[[], datetime], stopping: asyncio.Event) -> None:
    # What has been loaded stays: to look through it for garbage would hold up the loop for 80 ms.
    gc.freeze()
    beats = Beats(Work(app.collector, app.publisher, Corrector(app.publisher), app.senders, clock))
    beats.start()
    log.info("running", platforms=list(app.publisher.adapters))
    try:
        await stopping.wait()
    finally:
        await beats.stop(_SHUTDOWN_SECONDS)
        log.info("stopped")
