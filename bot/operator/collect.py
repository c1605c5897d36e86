"""``paperround collect``: fetch and store without posting, and say what is held and missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.app import utc_now
from bot.collect import Collected, Collector, listing_days
from bot.complaints import (
    INCOMPLETE,
    NOTHING,
    USEFUL,
    complain,
    report_breaks,
    report_faults,
    show,
)
from bot.dates import BadDateError, day_in_name, parse_day
from bot.operator.shell import command
from bot.settings import BadSettingError, Settings
from bot.sources import sources_of
from core.i18n import Catalog, catalog
from core.ports import Source, lacks
from core.sources import is_dated
from core.sources.file import FileSource
from core.sources.listing import edition_day, newest_listing
from storage.database import open_store


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line, as it was written there."""

    date: str
    since: str
    source: Path | None


def run(options: Options) -> int:
    """Run the command and give its exit code."""
    return command(lambda settings: _collect(options, settings), log_level="WARNING")


async def _collect(options: Options, settings: Settings) -> int:
    days = _days(options, settings)
    if not days:
        return complain(f"--since: no listing from {options.since} to today", NOTHING)
    words = catalog(settings.digest_language)
    # A run over many days reads each of them anyway.
    made = sources_of(settings, remembers=not options.since)
    sources: list[Source] = [FileSource(options.source)] if options.source else made
    found: list[Collected] = []
    async with open_store(settings.database_url) as store:
        collector = Collector(store, sources)
        error_console = Console(stderr=True)
        shown = track(
            days,
            description=words.say("cli.collect"),
            console=error_console,
            disable=not error_console.is_terminal,
            transient=True,
        )
        for day in shown:
            asked = [s for s in sources if day == days[-1] or is_dated(s.name)]
            collected = await collector.collect(day, utc_now(), asked)
            report_faults(collected.sources, words)
            report_breaks(collected.sources, words)
            found.append(collected)
    show(_table(found, words))
    return _code(found, from_file=options.source is not None)


def _days(options: Options, settings: Settings) -> list[date]:
    """The dates asked for. Raises BadDateError, BadSettingError."""
    if options.since and (options.date or options.source):
        raise BadSettingError("--since goes with neither --date nor --from")
    now = utc_now()
    today = now.astimezone(ZoneInfo(settings.digest_timezone)).date()
    if options.since:
        return listing_days(parse_day(options.since, today), newest_listing(now))
    if options.date:
        day = parse_day(options.date, today)
        if day > edition_day(now) and options.source is None:
            raise BadDateError(f"{day} has not come yet")
        return [day]
    named = day_in_name(options.source.name) if options.source else None
    return [named or newest_listing(now)]


def _table(found: Sequence[Collected], words: Catalog) -> Table:
    names = ("day", "source", "status", "owed", "held", "missing", "new", "note")
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(
            words.say(f"coverage.column.{name}"),
            justify="right" if name in {"owed", "held", "missing", "new"} else "left",
        )
    for collected in found:
        for place, source in enumerate(collected.sources):
            table.add_row(
                collected.day.isoformat() if place == 0 else "",
                source.source,
                words.say(f"coverage.status.{source.status}"),
                words.number(source.owed),
                words.number(source.held),
                words.number(source.owed - source.held),
                words.number(collected.new) if place == 0 else "",
                words.text(source.note) if source.note else "",
            )
    return table


def _code(found: Sequence[Collected], *, from_file: bool) -> int:
    sources = [source for collected in found for source in collected.sources]
    if not any(source.held for source in sources):
        return NOTHING
    return INCOMPLETE if lacks(sources) and not from_file else USEFUL
