"""``paperround digest``: one edition from the sources to the terminal and to files."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from bot.charts import draw
from bot.complaints import (
    BAD,
    INCOMPLETE,
    NOTHING,
    USEFUL,
    complain,
    report_breaks,
    report_faults,
    show,
)
from bot.dates import BadDateError, day_in_name, parse_day
from bot.files import UnwritableError, check_folder, write_files
from bot.memory import remembered
from bot.reporting import reports_now
from bot.settings import BadSettingError, Settings, load_categories, load_settings
from bot.sources import sources_of
from core.category import Taxonomy, UnknownCategoryError
from core.classify.default import DefaultClassifier
from core.distribution import distribution
from core.edition import Edition, build_edition
from core.history import History
from core.i18n import Catalog, UnknownLanguageError, catalog
from core.ports import Source, lacks
from core.post import CHART, compose
from core.render.digest_json import to_json
from core.render.html import to_html
from core.render.markdown import to_markdown
from core.render.terminal import to_terminal
from core.report.writing import shown_categories
from core.sample import sample_edition
from core.sources.file import FileSource, UnreadableFileError
from core.sources.listing import edition_day, newest_listing
from storage.errors import StorageError

P = ParamSpec("P")
T = TypeVar("T")


class NothingUsefulError(Exception):
    """There is nothing to show; the message says why."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked on the command line, as it was written there."""

    date: str
    category: str
    language: str
    source: Path | None
    out: Path
    sample: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, checked."""

    day: date
    categories: tuple[str, ...]
    source: Path | None
    out: Path
    sample: bool


@dataclass(slots=True)
class Stages:
    """How long each stage took, in seconds, by the key of its name."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Time what runs inside."""
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def run(options: Options, charts: Executor) -> int:
    """Run the command and give its exit code; what is wrong goes to stderr in one line.

    ``charts`` draws the chart, in a process of its own.
    """
    try:
        settings = load_settings()
        taxonomy = load_categories(settings)
        words = catalog(options.language or settings.digest_language)
        request = _checked(options, settings, taxonomy)
        return _show(request, settings, taxonomy, words, charts)
    except NothingUsefulError as error:
        return complain(str(error), NOTHING)
    except UnknownLanguageError as error:
        return complain(f"--language: {error}", BAD)
    except UnknownCategoryError as error:
        return complain(f"--category: {error}", BAD)
    except BadDateError as error:
        return complain(f"--date: {error}", BAD)
    except (BadSettingError, UnreadableFileError, UnwritableError, StorageError) as error:
        return complain(str(error), BAD)


def _checked(options: Options, settings: Settings, taxonomy: Taxonomy) -> Request:
    if options.sample and (options.date or options.source):
        raise BadSettingError("--sample is one fixed day: it goes with neither --date nor --from")
    names = [name for name in options.category.split(",") if name.strip()]
    if options.category and not names:
        raise BadSettingError("--category: names no category; it looks like cv,llm")
    check_folder(options.out)
    return Request(
        day=_day(options, settings),
        categories=tuple(taxonomy.find(name).slug for name in names),
        source=options.source,
        out=options.out,
        sample=options.sample,
    )


def _show(
    request: Request, settings: Settings, taxonomy: Taxonomy, words: Catalog, charts: Executor
) -> int:
    stages = Stages()
    edition, history = _edition(request, settings, taxonomy, stages)
    report_faults(edition.coverage.sources, words)
    slugs = _shown(edition, request, settings, taxonomy, words)
    report_breaks(edition.coverage.sources, words)
    chart = charts.submit(draw, distribution(edition, taxonomy, words, history))
    with stages.timed("report"):
        reports = reports_now(edition, slugs, settings, words, _remark)
        post = compose(edition, reports, taxonomy, words, history=history)
    with stages.timed("write"):
        files = {
            "digest.md": to_markdown(post).encode(),
            "digest.html": to_html(post).encode(),
            "digest.json": to_json(edition, reports, taxonomy, words).encode(),
            CHART: chart.result(),
        }
        folder = request.out / edition.date.isoformat()
        write_files(folder, files)
    took = " · ".join(f"{words.say(f'cli.{k}')} {s:.2f} s" for k, s in stages.seconds.items())
    written = words.say("cli.written", folder=str(folder), took=took)
    show(to_terminal(post), Text(written, style="dim"))
    return INCOMPLETE if lacks(edition.coverage.sources) and request.source is None else USEFUL


def _shown(
    edition: Edition, request: Request, settings: Settings, taxonomy: Taxonomy, words: Catalog
) -> tuple[str, ...]:
    """The categories to show; none is an overview alone. Raises NothingUsefulError.

    Nothing is useful without any paper, and without one in the categories that were asked for.
    """
    slugs = shown_categories(
        edition,
        request.categories or settings.digest_categories,
        len(request.categories) or settings.categories_per_post,
    )
    if not edition.coverage.held or (request.categories and not slugs):
        raise NothingUsefulError(_why_nothing(edition, request, taxonomy, words))
    return slugs


def _edition(
    request: Request, settings: Settings, taxonomy: Taxonomy, stages: Stages
) -> tuple[Edition, History]:
    """The edition asked for, and what is known of the days before it."""
    if request.sample:
        try:
            return sample_edition(taxonomy), History()
        except KeyError as error:
            raise BadSettingError(f"CATEGORIES_FILE: the sample needs a category {error}") from None
    start = time.perf_counter()
    with _sources(request, settings) as sources:
        built = asyncio.run(_built(request.day, sources, settings, taxonomy, stages))
    stages.seconds = {
        "collect": time.perf_counter() - start - stages.seconds["sort"]
    } | stages.seconds
    return built


async def _built(
    day: date, sources: Sequence[Source], settings: Settings, taxonomy: Taxonomy, stages: Stages
) -> tuple[Edition, History]:
    """The edition of what the sources give, without the papers that an earlier one had."""

    async def sort_in_place(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        # Nothing else waits for this process's event loop, so a pool would only cost its start.
        with stages.timed("sort"):
            return work(*args, **kwargs)

    classifier = DefaultClassifier(taxonomy)

    async with remembered(settings.database_url, day, _remark) as memory:
        titles, had_before = memory.titles, memory.had_before
        edition = await build_edition(
            day, sources, classifier, taxonomy, sort_in_place, titles, had_before
        )
        return edition, memory.history


def _remark(why: str) -> None:
    """Say what could not be had, which keeps nobody from the digest."""
    complain(why, USEFUL)


@contextmanager
def _sources(request: Request, settings: Settings) -> Iterator[list[Source]]:
    """The sources that the command reads, with their progress shown while they are read."""
    if request.source is not None:
        yield [FileSource(request.source)]
        return
    with Console(stderr=True).status("arXiv …") as status:
        yield sources_of(
            settings,
            remembers=False,
            progress=lambda held, owed: status.update(f"arXiv {held:,} / {owed:,}"),
        )


def _day(options: Options, settings: Settings) -> date:
    """The edition's date: as given, else in the file's name, else the newest listing's.

    Raises BadDateError.
    """
    now = datetime.now(UTC)
    if options.date:
        day = parse_day(options.date, now.astimezone(ZoneInfo(settings.digest_timezone)).date())
        if day > edition_day(now) and options.source is None:
            raise BadDateError(f"{day} has not come yet")
        return day
    named = day_in_name(options.source.name) if options.source else None
    return named or newest_listing(now)


def _why_nothing(edition: Edition, request: Request, taxonomy: Taxonomy, words: Catalog) -> str:
    """Why there is no category to show, as the sources say it or as it follows from the choice."""
    notes = [words.text(source.note) for source in edition.coverage.sources if source.note]
    if edition.coverage.held:
        names = ", ".join(words.name(taxonomy[slug].name) for slug in request.categories)
        notes.append(words.say("cli.no_papers_in", names=names, day=edition.date))
    return " · ".join(notes)
