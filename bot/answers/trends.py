"""Answers about the last listings: how many papers a category, or all of them, had on each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import COLOUR, PART, answer, buttons
from bot.refusal import Refusal, cleaned, echo
from core.blocks import Action, Actions, Block, Heading, Items, Line, Message, Paragraph, Post, Text
from core.category import OTHER, Category
from core.history import LISTINGS, History, Trend, change_mark, last_listings
from core.i18n import Catalog, Phrase
from core.sources.listing import has_listing, listing_before, newest_listing
from core.trend import day_image, shown_mean, trend_image

PERIODS = (LISTINGS, 30, 60)
_LEAST, _MOST = 2, 60
_PARTS = 6
_FILE = "trends.png"
# No number this long is meant, and Python refuses to read one of thousands of digits.
_DAYS = r"(?P<number>[-+]?\d{1,9})\s*(?:d|days?|listings?|일|회|번)?"
_ONLY = re.compile(_DAYS, re.IGNORECASE)
_LAST = re.compile(rf"(?:(?P<category>.*\S)\s)?(?P<days>{_DAYS})", re.IGNORECASE)
_FIRST = re.compile(rf"(?P<days>{_DAYS})\s(?P<category>.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Period:
    """The listings that are asked about: how many, the last of them, and what is known of them."""

    listings: int
    end: date
    history: History

    def trend(self, slug: str | None) -> Trend:
        return self.history.trend(self.end, slug, self.history.count(self.end, slug), self.listings)


async def trends(desk: Desk, request: Request, words: Catalog) -> Reply:
    """One category over the last listings, or all papers with the categories that moved most."""
    category, listings = _asked(desk, request)
    period = await _period(desk, listings)
    trend = period.trend(category.slug if category else None)
    if not trend.days:
        raise Refusal(Phrase("answer.no_edition", day=newest_listing(desk.clock())))
    if category is None:
        return _overview(desk, period, trend, words)
    name = words.name(category.name)
    image = day_image(_FILE, name, category.colour, trend, words)
    blocks: list[Block] = [Items(_figures(trend, listings, words)), image]
    every = Action(words.say("chart.all"), "trends", (("days", str(listings)),))
    actions = [*_periods(listings, category.slug, words), every]
    title = f"{category.emoji} {words.say('answer.trends.title', name=name)}"
    message = Message(PART, title, category.colour, (*blocks, *buttons(actions)))
    return Reply(Post("", words.language, message))


def _asked(desk: Desk, request: Request) -> tuple[Category | None, int]:
    """The category, if one is meant, and how many listings. Raises Refusal.

    Where the platform has no options, the number stands beside the category: ``cv 30``.
    """
    category = cleaned(request.arguments.get("category", ""))
    days = cleaned(request.arguments.get("days", ""))
    if not days and desk.taxonomy.named(category) is None:
        found = _LAST.fullmatch(category) or _FIRST.fullmatch(category)
        if found:
            category, days = found["category"] or "", found["days"]
    listings = _listings(days) if days else LISTINGS
    return (desk.category(category) if category else None), listings


def _listings(given: str) -> int:
    """The number meant by ``30``, ``30d`` or ``30일``. Raises Refusal."""
    found = _ONLY.fullmatch(given)
    if found and _LEAST <= int(found["number"]) <= _MOST:
        return int(found["number"])
    raise Refusal(Phrase("answer.trends.refused", given=echo(given), least=_LEAST, most=_MOST))


async def _period(desk: Desk, listings: int) -> _Period:
    """The listings up to that of the newest sealed edition."""
    newest = newest_listing(desk.clock())
    end = await desk.store.editions.newest_sealed(newest) or newest
    end = end if has_listing(end) else listing_before(end)
    counts = await desk.store.editions.counts(last_listings(end, listings))
    return _Period(listings, end, History(counts))


def _overview(desk: Desk, period: _Period, whole: Trend, words: Catalog) -> Reply:
    """All papers, and the categories that are furthest from their mean."""
    every = [(category, period.trend(category.slug)) for category in desk.taxonomy]
    found = [(c, t) for c, t in every if c.slug != OTHER and t.highest is not None]
    moved = sorted(found, key=lambda one: (-abs(one[1].change or 0), -_fullness(one[1])))[:_PARTS]
    name = words.say("chart.all")
    parts = [(words.name(category.name), category.colour, trend) for category, trend in moved]
    blocks: list[Block] = [
        Items(_figures(whole, period.listings, words)),
        *_movers(moved, words),
        trend_image(_FILE, name, COLOUR, whole, parts, words),
        Actions(tuple(_periods(period.listings, "", words))),
    ]
    most = desk.settings.categories_per_post
    fullest = sorted(found, key=lambda one: -_fullness(one[1]))[:most]
    actions = [_button(category, period.listings, words) for category, _ in fullest]
    title = words.say("answer.trends.title", name=name)
    return answer(words, title, [*blocks, *buttons(actions)])


def _fullness(trend: Trend) -> int:
    return sum(count for _, count in trend.known)


def _figures(trend: Trend, listings: int, words: Catalog) -> tuple[Line, ...]:
    """The last listing against the mean, the highest one, and how much is known at all."""
    day = trend.days[-1][0]
    papers = Phrase("post.count", count=trend.latest)
    if trend.mean is None or trend.change is None:
        lines = [words.say("answer.trends.latest", day=day, papers=papers)]
    else:
        mean, change = shown_mean(trend.mean, words), change_mark(trend.change)
        lines = [
            words.say("answer.trends.changed", day=day, papers=papers, change=change, mean=mean)
        ]
    if trend.highest is not None:
        best, most = trend.highest
        papers = Phrase("post.count", count=most)
        lines.append(words.say("answer.trends.highest", day=best, papers=papers))
    if (known := len(trend.known)) < listings:
        lines.append(words.say("answer.trends.known", count=known, listings=listings))
    return tuple((Text(line),) for line in lines)


def _movers(moved: Sequence[tuple[Category, Trend]], words: Catalog) -> list[Block]:
    """The categories in the picture, with their last count and its change where that is known."""
    lines = []
    for category, trend in moved:
        line = f"{category.emoji} {words.name(category.name)} {words.number(trend.latest)}"
        if trend.change:
            lines.append(f"{line} {change_mark(trend.change)}")
        elif trend.change is None:
            lines.append(line)
    if not moved:
        return []
    if not lines:
        return [Paragraph((Text(words.say("answer.trends.steady")),))]
    changed = any(trend.change for _, trend in moved)
    heading = words.say("answer.trends.movers" if changed else "answer.trends.fullest")
    return [Heading(heading), Items(tuple((Text(line),) for line in lines))]


def _periods(listings: int, slug: str, words: Catalog) -> list[Action]:
    """Buttons for the same over another number of listings."""
    named = (("category", slug),) if slug else ()
    return [
        Action(
            words.say("answer.button.listings", count=period),
            "trends",
            (*named, ("days", str(period))),
        )
        for period in PERIODS
        if period != listings
    ]


def _button(category: Category, listings: int, words: Catalog) -> Action:
    arguments = (("category", category.slug), ("days", str(listings)))
    return Action(f"{category.emoji} {words.name(category.name)}", "trends", arguments)
