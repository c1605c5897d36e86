"""``paperround status``: what is subscribed, owed, sent and missing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from bot.answers.operating import newest_listing_line, usage_lines
from bot.app import utc_now
from bot.complaints import NOTHING, USEFUL, complain, show
from bot.operator.shell import command
from bot.settings import Settings
from core.delivery import State
from core.i18n import Catalog, catalog
from core.subscription import Subscription
from storage.database import existing_store, held_by
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
        zone = ZoneInfo(settings.digest_timezone)
        runs = held_by(settings.database_url) == "run"
        totals = await store.deliveries.totals()
        counted = (f"{words.say(f'status.{s}')} {words.number(totals[s])}" for s in State)
        lines = [
            words.say("status.running" if runs else "status.stopped"),
            await newest_listing_line(store, words, utc_now()),
            words.say("status.deliveries", counts=" · ".join(counted)),
            *await usage_lines(store, settings, words, utc_now()),
        ]
        tables = (
            await _subscriptions(store, words, zone),
            await _deliveries(store, words),
            await _missed(store, words, zone),
        )
    show(Text("\n".join(lines)))
    for table in tables:
        if table.row_count:
            show(Text(), table)
    return USEFUL


async def _subscriptions(store: Store, words: Catalog, zone: ZoneInfo) -> Table:
    table = _titled(words, "target", "next", "last")
    for subscription in await store.subscriptions.all_active():
        table.add_row(
            str(subscription.target),
            _written(subscription.next_due, zone),
            _edition(subscription),
        )
    for subscription in await store.subscriptions.all_paused():
        said = words.text(subscription.paused) if subscription.paused else ""
        paused = words.say("answer.paused", reason=said)
        table.add_row(str(subscription.target), paused, _edition(subscription))
    return table


def _edition(subscription: Subscription) -> str:
    return subscription.last_edition.isoformat() if subscription.last_edition else "–"


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
