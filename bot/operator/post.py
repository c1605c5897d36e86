"""``paperround post``: publish to all subscriptions now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from bot.app import App, build, connected, parts, utc_now
from bot.complaints import BAD, NOTHING, USEFUL, complain, show
from bot.dates import parse_day
from bot.operator.shell import command
from bot.settings import Settings
from core.edition import Edition
from core.i18n import Catalog, catalog
from core.sources.listing import edition_day
from core.subscription import Subscription
from storage.database import DatabaseInUseError, existing_store, service_lock

# A group may have to wait a minute for its next message.
_PAUSE_SECONDS = 2.0
_IDLE_TRIES = 40


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line, as it was written there."""

    date: str
    again: bool
    dry_run: bool


def run(options: Options) -> int:
    """Run the command and give its exit code."""
    return command(lambda settings: _post(options, settings), log_level="WARNING")


async def _post(options: Options, settings: Settings) -> int:
    now = utc_now()
    today = now.astimezone(ZoneInfo(settings.digest_timezone)).date()
    day = parse_day(options.date, today) if options.date else edition_day(now)
    words = catalog(settings.digest_language)
    if day > edition_day(now):
        return complain(words.say("cli.future", day=day), BAD)
    if options.dry_run:
        return await _preview(settings, day, words)
    published: int | None = None
    while True:
        try:
            async with (
                service_lock(settings.database_url, "post"),
                build(settings) as app,
                connected(app.publisher.adapters, None),
            ):
                if published is None:
                    await _publish(app, day, words, again=options.again, fetch=True)
                return await _send(app, words)
        except DatabaseInUseError:
            if published is not None:
                return published
            async with build(settings) as app:
                published = await _publish(app, day, words, again=options.again)
            # Where the service has ended meanwhile, nobody else would send them.


async def _publish(app: App, day: date, words: Catalog, *, again: bool, fetch: bool = False) -> int:
    subscriptions = await app.store.subscriptions.all_active()
    if not subscriptions:
        return complain(words.say("cli.no_subscriptions"), NOTHING)
    if fetch and not await app.publisher.shelf.ready(day):
        await app.collector.collect(day, utc_now())
    if not await app.commands.desk.publishable(day, fetch=False):
        return complain(words.say("cli.nothing_collected", day=day), NOTHING)
    posted = 0
    for subscription in subscriptions:
        name = _name(subscription)
        if subscription.target.platform not in app.publisher.adapters:
            complain(words.say("cli.no_adapter", target=name), USEFUL)
            continue
        issue = await app.publisher.publish_now(day, subscription, utc_now(), again=again)
        if issue is None:
            complain(words.say("cli.posted_before", day=day, target=name), USEFUL)
        else:
            posted += 1
    if posted:
        show(Text(words.say("cli.published", day=day, count=posted)))
    return USEFUL if posted else NOTHING


async def _send(app: App, words: Catalog) -> int:
    """Send in the service's place, waiting where a platform asks to; what is left is told."""
    sent, idle = 0, 0
    platforms = list(app.publisher.adapters)
    senders = app.senders
    while True:
        now = sum([await sender.drain() for sender in senders])
        sent, idle = sent + now, 0 if now else idle + 1
        waiting = await app.store.deliveries.waiting(platforms)
        amending = await app.store.amendments.waiting(platforms)
        if not (waiting or amending) or idle > _IDLE_TRIES:
            break
        await asyncio.sleep(_PAUSE_SECONDS)
    await app.teller.settle()
    if waiting:
        complain(words.say("cli.waiting", count=waiting), USEFUL)
    return USEFUL if sent else NOTHING


async def _preview(settings: Settings, day: date, words: Catalog) -> int:
    """Who would get what, with nothing written."""
    async with existing_store(settings.database_url) as store:
        if store is None:
            return complain(words.say("cli.no_database"), NOTHING)
        async with parts(settings, store) as app:
            subscriptions = await store.subscriptions.all_active()
            if not subscriptions:
                return complain(words.say("cli.no_subscriptions"), NOTHING)
            edition = await app.publisher.shelf.find(day) or await app.publisher.shelf.draft(day)
            title = words.say("preview.title", day=day, count=edition.count)
            show(Text(title), await _wishes(app, edition, subscriptions, words))
    return USEFUL


async def _wishes(
    app: App, edition: Edition, subscriptions: Sequence[Subscription], words: Catalog
) -> Table:
    """The messages that each subscription would get."""
    table = Table(box=None, pad_edge=False)
    for name in ("target", "issue", "messages"):
        table.add_column(words.say(f"preview.{name}"))
    for subscription in subscriptions:
        issue = await app.store.deliveries.next_issue(edition.date, subscription.id)
        target = subscription.target
        shown = words.say("preview.no_adapter")
        if target.platform in app.publisher.adapters:
            frozen = await app.publisher.messages(edition, target, subscription.wish, keep=False)
            shown = " ".join(message.part for message in frozen)
        table.add_row(_name(subscription), str(issue), shown)
    return table


def _name(subscription: Subscription) -> str:
    return f"{subscription.target} #{subscription.id}"
