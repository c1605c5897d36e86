"""Answers about papers: the digest of a day, and the categories."""

import re
from datetime import date
from functools import partial

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import answer, buttons, sentence, with_actions
from core.blocks import (
    Action,
    Block,
    Cite,
    Heading,
    Items,
    Line,
    Message,
    Paragraph,
    Post,
    Quote,
    Text,
)
from core.category import Category
from core.edition import Edition
from core.i18n import Catalog
from core.post import category_message, compose, source_line
from core.report.sentences import contribution
from core.report.writing import shown_categories
from core.sources.listing import listing_before, newest_listing, next_listing
from core.week import Shown


async def digest(desk: Desk, request: Request, words: Catalog) -> Reply:
    """One category's report of a day, or the overview with a button for each category."""
    given = request.arguments
    category = desk.category(given["category"]) if given.get("category") else None
    day = desk.day(given["date"]) if given.get("date") else None
    edition = await desk.edition(day)
    private = given.get("public") != "true"
    if category is None:
        return Reply(await _overview(desk, edition, words), private=private)
    if not edition.categories.get(category.slug):
        name = words.name(category.name)
        text = words.say("cli.no_papers_in", names=name, day=edition.date)
        return sentence(words, text, _other_days(desk, edition.date, category, words))
    if start := _rank(given.get("from", "")):
        return _further(desk, edition, category, start, words)
    message = await _category(desk, edition, category, words)
    return Reply(Post(edition.date.isoformat(), words.language, message), private=private)


async def categories(desk: Desk, request: Request, words: Catalog) -> Reply:  # noqa: ARG001
    """Every category with its short name, and how many papers it has in the newest edition."""
    newest = await desk.store.editions.newest_sealed(newest_listing(desk.clock()))
    edition = await desk.shelf.find(newest) if newest else None
    lines: list[Line] = []
    for category in desk.taxonomy:
        line = f"{category.emoji} {words.name(category.name)} · {category.slug}"
        if edition is not None:
            line += f" · {words.number(len(edition.categories.get(category.slug, ())))}"
        lines.append((Text(line),))
    blocks: list[Block] = [Items(tuple(lines))]
    if edition is not None:
        blocks.append(Paragraph((Text(words.say("answer.counted", day=edition.date)),)))
    actions = [
        Action(f"{one.emoji} {words.name(one.name)}", "digest", (("category", one.slug),))
        for one in desk.taxonomy
    ]
    return answer(words, words.say("answer.categories"), [*blocks, *buttons(actions)])


async def _overview(desk: Desk, edition: Edition, words: Catalog) -> Post:
    """The parent of the day's post, a button for each category in place of its replies."""
    allowed = desk.settings.digest_categories
    slugs = shown_categories(edition, allowed, desk.settings.categories_per_post)
    sealed = await desk.shelf.find(edition.date) is not None
    reports = await desk.shelf.reports(edition, slugs, words.language, keep=sealed)
    history = await desk.shelf.history(edition.date)
    shown = Shown(allowed, desk.settings.categories_per_post, desk.settings.papers_per_category)
    unseen = await desk.shelf.unseen(edition, shown)
    desk.shelf.forget_week()
    post = compose(edition, reports, desk.taxonomy, words, history=history, unseen=unseen)
    actions = [
        Action(_button(desk.taxonomy[slug], edition, words), "digest", _arguments(slug, edition))
        for slug in slugs
    ]
    return Post(post.day, post.language, with_actions(post.parent, actions))


async def _category(desk: Desk, edition: Edition, category: Category, words: Catalog) -> Message:
    """A category's message, with buttons for the days beside and for subscribing."""
    make = partial(_made, desk, edition, category, words)
    if await desk.shelf.find(edition.date) is None:
        return await make(keep=False)
    now = desk.clock()
    key = (edition.date, category.slug, words.language, newest_listing(now))
    return await desk.kept.of(key, now, partial(make, keep=True))


async def _made(
    desk: Desk, edition: Edition, category: Category, words: Catalog, *, keep: bool
) -> Message:
    (report,) = await desk.shelf.reports(edition, [category.slug], words.language, keep=keep)
    history = await desk.shelf.history(edition.date)
    message = category_message(edition, report, category, words, history)
    subscribe = Action(
        words.say("answer.button.subscribe"), "subscribe", (("categories", category.slug),)
    )
    days = _other_days(desk, edition.date, category, words)
    more = _page(desk, edition, category, len(report.papers) + 1, words)
    return with_actions(message, [*days, *more, subscribe])


def _rank(given: str) -> int:
    return int(given) if re.fullmatch(r"[0-9]{1,5}", given) else 0


def _further(desk: Desk, edition: Edition, category: Category, start: int, words: Catalog) -> Reply:
    """The next papers of a category by their rank, each with what is new in it and its source."""
    entries = edition.categories[category.slug]
    most = desk.settings.papers_per_category
    start = start if start <= len(entries) else 1
    page = list(enumerate(entries, 1))[start - 1 : start - 1 + most]
    last = page[-1][0]
    new = tuple(
        (Text(f"{contribution(entry.paper)}\u00a0"), Cite(rank, entry.paper.url))
        for rank, entry in page
    )
    sources = tuple(source_line(rank, entry, words) for rank, entry in page)
    back = _page(desk, edition, category, start - most, words, key="back", in_place=True)
    forth = _page(desk, edition, category, last + 1, words, in_place=True)
    name = words.name(category.name)
    title = f"{category.emoji} {name} · {start}–{last} / {words.number(len(entries))}"
    blocks: list[Block] = [
        Heading(words.say("report.part.findings")),
        Items(new),
        Heading(words.say("report.part.sources")),
        Quote(sources),
        *buttons([*back, *forth]),
    ]
    label = words.say("label.extracted")
    message = Message(category.slug, title, category.colour, tuple(blocks), label)
    return Reply(Post("", words.language, message))


def _page(
    desk: Desk,
    edition: Edition,
    category: Category,
    start: int,
    words: Catalog,
    *,
    key: str = "more",
    in_place: bool = False,
) -> list[Action]:
    """A button for the papers from this rank on, where there are such that no report tells of."""
    most, count = desk.settings.papers_per_category, len(edition.categories[category.slug])
    if not most < start <= count:
        return []
    last = min(start + most - 1, count)
    ranks = f"{start}–{last}" if last > start else f"{start}"
    arguments = (*_arguments(category.slug, edition), ("from", str(start)))
    label = words.say(f"answer.menu.button.{key}", ranks=ranks)
    return [Action(label, "digest", arguments, in_place=in_place)]


def _other_days(desk: Desk, day: date, category: Category, words: Catalog) -> list[Action]:
    """Buttons for the listing before and the one after, where it has come."""
    before, after = listing_before(day), next_listing(day)
    found = [("answer.button.before", before)]
    if after <= newest_listing(desk.clock()):
        found.append(("answer.button.after", after))
    return [
        Action(words.say(key), "digest", (("category", category.slug), ("date", d.isoformat())))
        for key, d in found
    ]


def _button(category: Category, edition: Edition, words: Catalog) -> str:
    count = words.number(len(edition.categories[category.slug]))
    return f"{category.emoji} {words.name(category.name)} {count}"


def _arguments(slug: str, edition: Edition) -> tuple[tuple[str, str], ...]:
    return (("category", slug), ("date", edition.date.isoformat()))
