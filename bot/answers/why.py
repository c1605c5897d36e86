"""Why something is here or is not: what was owed, held and missing, and what decided."""

from collections import Counter
from datetime import date

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.operating import newest_listing_line
from bot.answers.shape import answer, buttons
from core.blocks import Action, Block, Heading, Items, Line, Link, Paragraph, Span, Text
from core.category import Category
from core.edition import Edition
from core.i18n import Catalog
from core.paper import BadPaperIdError, Paper, parse_paper_id
from core.ports import SourceCoverage
from core.ranking import Entry
from core.report.writing import shown_categories
from core.sources import KINDS
from core.sources.listing import newest_listing

_MOST_MISSING = 5
_ARXIV = KINDS["arxiv"].name


async def why(desk: Desk, request: Request, words: Catalog) -> Reply:
    """How the day's papers came to be shown; of a category or of one paper, why it stands there."""
    given = request.arguments.get("category", "")
    try:
        paper_id = parse_paper_id(given)
    except BadPaperIdError:
        paper_id = ""
    if paper_id:
        return await _why_paper(desk, paper_id, words)
    category = desk.category(given) if given else None
    edition = await desk.edition(None)
    lines = [*_way(desk, edition, words), *await _sources(desk, edition, words)]
    newest = newest_listing(desk.clock())
    if edition.date < newest:
        lines.append(await newest_listing_line(desk.store, words, desk.clock()))
    blocks: list[Block] = [Items(tuple((Text(line),) for line in lines))]
    if category:
        blocks += _why_shown(desk, edition, category, words)
    else:
        settings = desk.settings
        slugs = shown_categories(edition, settings.digest_categories, settings.categories_per_post)
        found = [desk.taxonomy[slug] for slug in slugs]
        blocks += buttons(
            [
                Action(f"{one.emoji} {words.name(one.name)}", "why", (("category", one.slug),))
                for one in found
            ]
        )
    return answer(words, words.say("answer.why.title", day=edition.date), blocks)


def _way(desk: Desk, edition: Edition, words: Catalog) -> list[str]:
    """How many papers were listed, came, were new and are shown."""
    sources = edition.coverage.sources
    owed = sum(source.owed for source in sources)
    held = sum(source.held for source in sources)
    settings = desk.settings
    slugs = shown_categories(edition, settings.digest_categories, settings.categories_per_post)
    most = settings.papers_per_category
    shown = sum(min(len(edition.categories[slug]), most) for slug in slugs)
    return [
        words.say("answer.why.owed", owed=owed, held=held),
        words.say("answer.why.new", new=edition.count, known=max(held - edition.count, 0)),
        words.say("answer.why.posted", count=shown),
    ]


async def _sources(desk: Desk, edition: Edition, words: Catalog) -> list[str]:
    """Each source with what it gave, arXiv's lists one by one, and what is missing with its reason."""
    lines = []
    for source in edition.coverage.sources:
        said = words.say(f"coverage.status.{source.status}")
        line = f"{source.source} {words.number(source.held)}/{words.number(source.owed)} {said}"
        lines.append(f"{line} · {words.text(source.note)}" if source.note else line)
        if source.source == _ARXIV and source.owed:
            lines.append(await _codes(desk, edition.date, source, words))
        shown = source.missing[:_MOST_MISSING]
        lines += [f"{item.id}: {words.text(item.reason)}" for item in shown]
        if rest := sum(item.count for item in source.missing) - sum(item.count for item in shown):
            lines.append(words.say("cli.more", place=source.source, count=rest))
    return lines


async def _codes(desk: Desk, day: date, source: SourceCoverage, words: Catalog) -> str:
    """How many of each of arXiv's own categories are held, and of how many where some are not."""
    held = await desk.store.papers.codes(day, source.source)
    missing = Counter(code for item in source.missing for code in item.codes)
    parts = []
    for code in (code for code in desk.settings.arxiv_categories if held[code] + missing[code]):
        count = words.number(held[code])
        owed = words.number(held[code] + missing[code])
        parts.append(f"{code} {count}/{owed}" if missing[code] else f"{code} {count}")
    return words.say("answer.why.codes", codes=" · ".join(parts))


def _why_shown(desk: Desk, edition: Edition, category: Category, words: Catalog) -> list[Block]:
    """The papers of a category that are shown, how many for which reason, each with its own."""
    entries = edition.categories.get(category.slug, ())
    shown = entries[: desk.settings.papers_per_category]
    name = words.name(category.name)
    heading = words.say("answer.why.shown", name=name, shown=len(shown), count=len(entries))
    lines: list[Line] = [(*_titled(entry.paper), Text(_reasons(entry, words))) for entry in shown]
    blocks: list[Block] = [Heading(heading)]
    counts = Counter(reason.key.removeprefix("why.") for entry in shown for reason in entry.why)
    # That a paper fits its category is true of each.
    counts.pop("fit", None)
    if told := [
        f"{words.say(f'answer.why.counted.{key}')} {words.number(count)}"
        for key, count in counts.most_common()
    ]:
        blocks.append(Paragraph((Text(" · ".join(told)),)))
    return [*blocks, Items(tuple(lines))] if lines else blocks


async def _why_paper(desk: Desk, paper_id: str, words: Catalog) -> Reply:
    """Where a paper stands and why, or that it never came."""
    paper = await desk.store.papers.get(paper_id)
    if paper is None:
        text = words.say("answer.why.unknown", id=paper_id)
        return answer(words, "", [Items(((Text(text),),))])
    belongs = await desk.store.papers.edition_of([paper.id])
    edition = await desk.shelf.find(belongs[paper.id])
    if edition is None:
        text = words.say("answer.why.waiting", day=belongs[paper.id])
        return answer(words, paper.title, [Items(((Text(text),),))])
    blocks: list[Block] = []
    for slug, entries in edition.categories.items():
        for place, entry in enumerate(entries, 1):
            if entry.paper.id == paper.id:
                name = words.name(desk.taxonomy[slug].name) if slug in desk.taxonomy.slugs else slug
                most = desk.settings.papers_per_category
                at = words.say(
                    "answer.why.place", day=edition.date, name=name, place=place, count=len(entries)
                )
                seen = words.say(f"answer.why.{'seen' if place <= most else 'unseen'}", most=most)
                reasons = ", ".join(words.text(reason) for reason in entry.why)
                lines = ((Text(at),), (Text(seen),), (Text(reasons),), _titled(paper))
                blocks.append(Items(lines))
    return answer(words, paper.title, blocks)


def _titled(paper: Paper) -> tuple[Span, ...]:
    return (Link(paper.title, paper.url),)


def _reasons(entry: Entry, words: Catalog) -> str:
    return f" · {', '.join(words.text(reason) for reason in entry.why)}"
