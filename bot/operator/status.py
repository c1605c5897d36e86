"""``paperround status``: what is subscribed, owed, sent and missing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.app import utc_now
from bot.complaints import NOTHING, USEFUL, complain
from bot.operator.shell import command
from bot.settings import Settings
from core.delivery import State
from core.i18n import Catalog, catalog
from core.sources.listing import newest_listing
from storage.database import DatabaseInUseError, ServiceLock, existing_store
from storage.store import Store

_RECENT = 10


def run() -> int:
    """Run the command and give its exit code."""
    return command(_status, log_level="WARNING")


async def _status(settings: Settings) -> int:
    words = catalog(settings.digest_language)
    async with existing_store(settings.database_url) as store:
        if store is None:
            return complain(words.say("cli.no_database"), NOTHING)
        console = Console()
        zone = ZoneInfo(settings.digest_timezone)
        running = words.say("status.running" if _service_runs(settings) else "status.stopped")
        console.print(running)
        console.print(await _listing(store, words))
        totals = await store.deliveries.totals()
        counted = (f"{words.say(f'status.{s}')} {words.number(totals.get(s, 0))}" for s in State)
        console.print(words.say("status.deliveries", counts=" · ".join(counted)))
        for table in (
            await _subscriptions(store, words, zone),
            await _deliveries(store, words),
            await _missed(store, words, zone),
        ):
            if table.row_count:
                console.print()
                console.print(table)
    return USEFUL


def _service_runs(settings: Settings) -> bool:
    try:
        with ServiceLock(settings.database_url):
            return False
    except DatabaseInUseError:
        return True


async def _listing(store: Store, words: Catalog) -> str:
    """One line on the newest listing: what is held of it."""
    day = newest_listing(utc_now())
    parts = [
        f"{source.source} {words.number(source.held)}/{words.number(source.owed)}"
        f" {words.say(f'coverage.status.{source.status}')}"
        for source in await store.papers.coverage(day)
    ]
    papers = await store.papers.count()
    nothing = words.say("status.not_collected")
    return words.say("status.listing", day=day, held=" · ".join(parts) or nothing, papers=papers)


async def _subscriptions(store: Store, words: Catalog, zone: ZoneInfo) -> Table:
    table = _titled(words, "target", "next", "last")
    for subscription in await store.subscriptions.all_active():
        target = subscription.target
        table.add_row(
            "/".join(filter(None, (target.platform, target.chat, target.thread))),
            _written(subscription.next_due, zone),
            subscription.last_edition.isoformat() if subscription.last_edition else "–",
        )
    return table


async def _deliveries(store: Store, words: Catalog) -> Table:
    table = _titled(words, "delivery", "state", "error")
    for delivery in await store.deliveries.recent(_RECENT):
        table.add_row(delivery.key, words.say(f"status.{delivery.state}"), delivery.error)
    return table


async def _missed(store: Store, words: Catalog, zone: ZoneInfo) -> Table:
    table = _titled(words, "missed", "due", "reason")
    for missed in await store.deliveries.missed(_RECENT):
        table.add_row(f"#{missed.subscription}", _written(missed.due, zone), missed.reason)
    return table


def _titled(words: Catalog, *columns: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(words.say(f"status.column.{name}"))
    return table


def _written(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
