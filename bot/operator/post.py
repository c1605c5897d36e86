"""``paperround post``: publish to all subscriptions now."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.app import App, build, utc_now
from bot.complaints import BAD, NOTHING, USEFUL, complain
from bot.dates import parse_day
from bot.operator.shell import command
from bot.settings import Settings
from bot.shelf import is_complete
from core.i18n import Catalog, catalog
from core.sources.listing import edition_day, has_listing
from core.subscription import Subscription
from storage.database import DatabaseInUseError, ServiceLock


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
    with ExitStack() as held:
        alone = _is_alone(held, settings)
        async with build(settings) as app:
            subscriptions = await app.store.subscriptions.all_active()
            if not subscriptions:
                return complain(words.say("cli.no_subscriptions"), NOTHING)
            if options.dry_run:
                return await _preview(app, day, subscriptions, words)
            if alone:
                await _fetch(app, day)
            if not await _is_publishable(app, day):
                return complain(words.say("cli.nothing_collected", day=day), NOTHING)
            code = await _publish(app, day, subscriptions, words, again=options.again)
            if alone:
                for sender in app.senders:
                    await sender.drain()
    return code


def _is_alone(held: ExitStack, settings: Settings) -> bool:
    """Whether no service runs on this database; then none can start until the command ends."""
    try:
        held.enter_context(ServiceLock(settings.database_url))
    except DatabaseInUseError:
        return False
    return True


async def _fetch(app: App, day: date) -> None:
    """Without a service beside it, the command fetches what is not complete itself."""
    if not has_listing(day) or await app.store.editions.sealed(day) is not None:
        return
    if not is_complete(await app.store.papers.coverage(day)):
        await app.collector.collect(day, utc_now())


async def _is_publishable(app: App, day: date) -> bool:
    """Whether there is something to seal: papers, or the source's own word that there are none."""
    if not has_listing(day) or await app.store.editions.sealed(day) is not None:
        return True
    coverage = await app.store.papers.coverage(day)
    return any(source.held or source.status == "quiet" for source in coverage)


async def _publish(
    app: App, day: date, subscriptions: list[Subscription], words: Catalog, *, again: bool
) -> int:
    posted = 0
    for subscription in subscriptions:
        issue = await app.publisher.publish_now(day, subscription, utc_now(), again=again)
        name = _name(subscription)
        if issue is None:
            complain(words.say("cli.posted_before", day=day, target=name), USEFUL)
        else:
            posted += 1
    return USEFUL if posted else NOTHING


async def _preview(app: App, day: date, subscriptions: list[Subscription], words: Catalog) -> int:
    """Who would get what, with nothing written."""
    edition = await app.store.editions.sealed(day) or await app.publisher.shelf.draft(day)
    table = Table(box=None, pad_edge=False)
    for name in ("target", "issue", "messages"):
        table.add_column(words.say(f"preview.{name}"))
    for subscription in subscriptions:
        issue = await app.store.deliveries.next_issue(day, subscription.id)
        frozen = await app.publisher.messages(
            edition, subscription.target.platform, subscription.wish, keep=False
        )
        parts = " ".join(message.part for message in frozen)
        table.add_row(_name(subscription), str(issue), parts)
    console = Console()
    console.print(words.say("preview.title", day=day, count=edition.count))
    console.print(table)
    return USEFUL


def _name(subscription: Subscription) -> str:
    target = subscription.target
    place = "/".join(filter(None, (target.platform, target.chat, target.thread)))
    return f"{place} #{subscription.id}"
