"""The one table of commands for every platform: name, options, who may, and the answer."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.adapters.base import ChatChange, Command, Option, Reply, Request, Suggestion
from bot.answers import (
    changing,
    finding,
    forgetting,
    operating,
    reading,
    subscribing,
    trends,
    why,
)
from bot.answers.desk import Desk
from bot.answers.shape import beside, sentence
from bot.arguments import parse_arguments, parse_change, parse_words
from bot.chats import changed
from bot.refusal import Refusal
from bot.searching import parse_search
from bot.throttle import PRESSES, Throttle
from core.blocks import Action
from core.category import Taxonomy, UnknownCategoryError
from core.i18n import Catalog, catalog, languages
from core.sources.listing import listing_before, newest_listing
from core.subscription import Subscription
from storage.database import StorageError

log = structlog.get_logger(__name__)
Handler = Callable[[Desk, Request, Catalog], Awaitable[Reply]]

_CATEGORY = Option("category", "category")
_DATE = Option("date", "date")
_PAPER = Option("paper", "text")
_WISH = (
    Option("categories", "category"),
    Option("time", "text"),
    Option("timezone", "text"),
    Option("language", "language"),
    Option("include", "text"),
    Option("exclude", "text"),
    Option("weekdays", "text"),
)
# Discord shows 25, and nobody reads more.
_MOST_SUGGESTED = 25
_DATES_SUGGESTED = 10
_NAMED = re.compile(r"^\s*(?:paper|논문)\s*=", re.IGNORECASE)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Entry:
    command: Command
    handler: Handler


async def _help(desk: Desk, request: Request, words: Catalog) -> Reply:
    return operating.helping(desk, TABLE, words, greet=request.command == "start")


_ENTRIES = (
    _Entry(Command("digest", (_CATEGORY, _DATE, Option("public", "flag"))), reading.digest),
    _Entry(Command("categories"), reading.categories),
    _Entry(Command("subscribe", _WISH, managers=True), subscribing.subscribe),
    _Entry(
        Command("unsubscribe", (Option("number", "number"),), managers=True),
        subscribing.unsubscribe,
    ),
    _Entry(
        Command("subscriptions", (Option("number", "number"), *_WISH), managers=True),
        changing.subscriptions,
    ),
    _Entry(Command("paper", (_PAPER,)), finding.paper),
    _Entry(Command("search", (Option("words", "text"), _CATEGORY)), finding.search),
    _Entry(Command("trends", (_CATEGORY, Option("days", "days"))), trends.trends),
    _Entry(Command("why", (_CATEGORY,)), why.why),
    _Entry(Command("post", (_DATE, Option("again", "flag")), managers=True), operating.post),
    _Entry(Command("status", managers=True), operating.status),
    _Entry(
        Command("forget", (Option("confirm", "flag"),), managers=True),
        forgetting.forget,
    ),
    _Entry(Command("help"), _help),
    _Entry(Command("start"), _help),
)
TABLE = tuple(entry.command for entry in _ENTRIES)
_BY_NAME: Mapping[str, _Entry] = {entry.command.name: entry for entry in _ENTRIES}


@dataclass(frozen=True, slots=True)
class CommandTable:
    """Answers every command; what is wrong with one is answered too, and logged in one line.

    ``throttle`` says how often one person may ask; buttons count, suggestions do not. In a menu one
    presses more often (``menus``). ``tell`` is told of the subscriptions that a change of their chat
    paused.
    """

    desk: Desk
    throttle: Throttle = field(default_factory=Throttle)
    menus: Throttle = field(default_factory=lambda: Throttle(PRESSES))
    tell: Callable[[Sequence[Subscription]], None] = lambda _: None

    @property
    def table(self) -> Sequence[Command]:
        """Every command, in the order of the help."""
        return TABLE

    async def answer(self, request: Request) -> Reply:
        """The answer. Raises nothing but what ends the program."""
        words = self._words(request.language)
        if wait := self._wait(request, self.desk.clock()):
            return beside(words, words.say("answer.throttled", count=-(-wait // _SECOND)))
        if request.pressed and request.command not in _BY_NAME:
            return beside(words, words.say("answer.menu.old"))
        entry = _BY_NAME.get(request.command, _BY_NAME["help"])
        if entry.command.managers and not (request.private or request.manager):
            return beside(words, words.say(f"answer.managers.{request.target.platform}"))
        try:
            request = replace(
                request, arguments=_arguments(entry.command, request, self.desk.taxonomy)
            )
            return await entry.handler(self.desk, request, words)
        except Refusal as refusal:
            choices = _choices(request, refusal, words)
            reply = sentence(words, refusal.text(words), choices)
            return replace(reply, beside=request.pressed and not choices)
        except TimeoutError:
            log.warning("answer took too long", command=request.command)
            return beside(words, words.say("answer.too_long"))
        except StorageError as error:
            log.error("no answer", command=request.command, error=str(error))  # noqa: TRY400
        except Exception:
            log.exception("no answer", command=request.command)
        return beside(words, words.say("answer.broken"))

    def _wait(self, request: Request, now: datetime) -> timedelta:
        in_menu = request.pressed and request.command == "subscriptions"
        throttle = self.menus if in_menu else self.throttle
        return throttle.wait((request.target.platform, request.person), now)

    def suggest(self, option: Option, typed: str, language: str) -> Sequence[Suggestion]:
        """The categories or dates that begin with, or hold, what was typed; the likeliest first."""
        words = self._words(language)
        found = {
            "category": self._categories,
            "date": self._dates,
            "days": self._days,
            "language": self._languages,
        }.get(option.kind)
        if found is None:
            return ()
        head, comma, last = (
            typed.rpartition(",") if option.name == "categories" else ("", "", typed)
        )
        wanted = last.strip().casefold()
        suggestions = [
            Suggestion(f"{head}{comma}{s.label}"[:100], f"{head}{comma}{s.value}")
            for s in found(words)
            if wanted in s.label.casefold() or wanted in s.value.casefold()
        ]
        if not suggestions and option.kind == "category":
            return [
                Suggestion(f"{head}{comma}{s.label}"[:100], f"{head}{comma}{s.value}")
                for s in self._nearest(wanted, words)
            ]
        suggestions.sort(key=lambda s: not re.search(rf"\b{re.escape(wanted)}", s.label.casefold()))
        return suggestions[:_MOST_SUGGESTED]

    async def changed(self, change: ChatChange) -> Reply | None:
        """Take note of what became of a chat; what to say there. Raises nothing."""
        try:
            return await changed(self.desk, change, self._words(change.language), self.tell)
        except StorageError as error:
            log.error("chat not taken note of", kind=change.kind, error=str(error))  # noqa: TRY400
        except Exception:
            log.exception("chat not taken note of", kind=change.kind)
        return None

    def _words(self, language: str) -> Catalog:
        """The reader's language where we speak it, else the operator's."""
        code = language.replace("_", "-").partition("-")[0].lower()
        return catalog(code if code in languages() else self.desk.settings.digest_language)

    def _categories(self, words: Catalog) -> list[Suggestion]:
        return [
            Suggestion(f"{c.emoji} {words.name(c.name)} ({c.slug})", c.slug)
            for c in self.desk.taxonomy
        ]

    def _nearest(self, wanted: str, words: Catalog) -> list[Suggestion]:
        """The category that is meant by another of its names, else the three most alike."""
        try:
            slugs = [self.desk.taxonomy.find(wanted).slug]
        except UnknownCategoryError as error:
            slugs = [category.slug for category in error.nearest]
        every = {suggestion.value: suggestion for suggestion in self._categories(words)}
        return [every[slug] for slug in slugs]

    def _dates(self, words: Catalog) -> list[Suggestion]:
        day = newest_listing(self.desk.clock())
        found = []
        for _ in range(_DATES_SUGGESTED):
            found.append(Suggestion(words.day(day), day.isoformat()))
            day = listing_before(day)
        return found

    def _days(self, words: Catalog) -> list[Suggestion]:
        return [
            Suggestion(words.say("answer.button.listings", count=period), str(period))
            for period in trends.PERIODS
        ]

    def _languages(self, words: Catalog) -> list[Suggestion]:  # noqa: ARG002 - each in its own
        return [
            Suggestion(catalog(code).say("format.language"), code) for code in sorted(languages())
        ]


def _arguments(command: Command, request: Request, taxonomy: Taxonomy) -> Mapping[str, str]:
    """What was said beside the command, by option. Raises Refusal."""
    if not request.line:
        return {k: v for k, v in request.arguments.items() if v}
    if command.options == _WISH:
        return parse_arguments(request.line)
    if command.name == "subscriptions":
        return parse_change(request.line)
    if command.name == "search":
        return parse_search(request.line, taxonomy)
    if command.options == (_PAPER,):
        # A link may have signs in it that mean something in the lines of other commands.
        return {"paper": _NAMED.sub("", request.line)}
    return parse_words(request.line, {option.name: option.kind for option in command.options})


def _choices(request: Request, refusal: Refusal, words: Catalog) -> list[Action]:
    """Buttons that give the same command with the category that may have been meant."""
    options = _BY_NAME[request.command].command.options
    names = [option.name for option in options if option.kind == "category"]
    if not names or not refusal.nearest:
        return []
    others = {key: value for key, value in request.arguments.items() if key not in names}
    return [
        Action(
            f"{category.emoji} {words.name(category.name)}",
            request.command,
            ((names[0], category.slug), *others.items()),
        )
        for category in refusal.nearest
    ]
