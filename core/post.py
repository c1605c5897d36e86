"""From an edition and its reports to the Post that people read."""

from collections.abc import Sequence

from core.blocks import (
    PARENT,
    Block,
    Cite,
    Code,
    Heading,
    Image,
    Items,
    Jump,
    Line,
    Link,
    Message,
    Paragraph,
    Post,
    Quote,
    Span,
    Strong,
    Text,
)
from core.category import Category, Taxonomy
from core.distribution import described, distribution
from core.edition import Edition
from core.history import History
from core.i18n import Catalog
from core.ports import SourceCoverage, lacks
from core.ranking import Entry
from core.report import Claim, Report
from core.report.sentences import contribution
from core.sources import is_essential
from core.trend import day_image

CHART = "chart.png"
FOR_YOU = "for-you"
_ACCENT = "#5865f2"
# What an extracted report is in, whoever reads it.
_PAPERS_LANGUAGE = "en"
_DOT = Text(" · ")
_UNKNOWN = History()


def compose(
    edition: Edition,
    reports: Sequence[Report],
    taxonomy: Taxonomy,
    catalog: Catalog,
    for_you: Sequence[Entry] = (),
    history: History = _UNKNOWN,
    unseen: Sequence[Entry] = (),
    *,
    hints: bool = False,
) -> Post:
    """The day's post: a parent with the overview and the chart, a reply for each report.

    ``for_you`` are papers that the reader's own words found outside those reports, ``unseen`` those
    of the week that a quiet day brings in the parent. ``hints``: the parent names the commands by
    which a chat's people get more, and says that what is missing comes in the next post.
    """
    replies = tuple(
        category_message(edition, report, taxonomy[report.category], catalog, history)
        for report in reports
    )
    if for_you:
        replies = (*replies, _for_you_message(for_you, catalog))
    hint = _hint(edition, catalog) if hints else ()
    parent = Message(
        part=PARENT,
        title=catalog.say("post.title", day=edition.date),
        colour=_ACCENT,
        blocks=(
            *_overview(edition, reports, taxonomy, catalog, history, hint),
            *_unseen(unseen, taxonomy, catalog),
        ),
        label=catalog.say("label.sample") if edition.sample else "",
    )
    thread = catalog.say("post.thread", day=edition.date.isoformat(), count=edition.count)
    return Post(edition.date.isoformat(), catalog.language, parent, replies, thread)


def _overview(
    edition: Edition,
    reports: Sequence[Report],
    taxonomy: Taxonomy,
    catalog: Catalog,
    history: History,
    hint: Line,
) -> list[Block]:
    """The parent's blocks: counts, what is missing, the contents, the chart, the sources."""
    blocks: list[Block] = []
    if edition.sample:
        blocks.append(Paragraph((Strong(catalog.say("post.sample")),)))
    if edition.count:
        blocks.append(Paragraph((Text(_counts(edition, catalog)),)))
    blocks.extend(
        Paragraph((Text(catalog.text(source.note)),))
        for source in edition.coverage.sources
        if source.note and _tells(source)
    )
    if hint and lacks(edition.coverage.sources):
        blocks.append(Paragraph((Text(catalog.say("post.awaited")),)))
    blocks.extend(
        Paragraph((Text(catalog.say("post.late", count=count, day=day)),))
        for day, count in edition.coverage.late
    )
    if edition.count:
        blocks.append(Items(tuple(_contents(edition, reports, taxonomy, catalog))))
        chart = distribution(edition, taxonomy, catalog, history)
        blocks.append(Image(CHART, described(chart, catalog), chart))
        blocks.append(Paragraph((Text(_sources(edition, catalog)), *hint)))
    if said := _how_written(reports, catalog):
        blocks.append(Paragraph((Text(said),)))
    return blocks


def _how_written(reports: Sequence[Report], catalog: Catalog) -> str:
    """Why there are reports that are not written, said once for all of them."""
    extracted = [report for report in reports if report.method == "extracted"]
    if any(report.model for report in extracted):
        return catalog.say("post.fallback")
    if extracted and catalog.language != _PAPERS_LANGUAGE:
        return catalog.say("post.extracted")
    return ""


def _tells(source: SourceCoverage) -> bool:
    """Whether a reader should know why this source is not whole."""
    return source.status in {"partial", "failed"} or (
        source.status == "quiet" and is_essential(source.source)
    )


def _unseen(entries: Sequence[Entry], taxonomy: Taxonomy, catalog: Catalog) -> list[Block]:
    """Papers of the week that were not shown, each with its category and what is new in it."""
    lines = tuple(
        (
            Text(f"{taxonomy[entry.verdict.category].emoji} "),
            Link(entry.paper.title, entry.paper.url),
            Text(f" · {contribution(entry.paper)}"),
        )
        for entry in entries
    )
    said = catalog.say("post.unseen", count=len(lines))
    return [Paragraph((Text(said),)), Items(lines)] if lines else []


def _counts(edition: Edition, catalog: Catalog) -> str:
    parts = [
        catalog.say("post.papers", count=edition.count),
        catalog.say("post.categories", count=len(edition.fullest_first)),
        _completeness(edition, catalog),
    ]
    return " · ".join(parts)


def _completeness(edition: Edition, catalog: Catalog) -> str:
    if lost := edition.coverage.lost:
        return catalog.say("post.missing", count=lost)
    return catalog.say("post.uncertain" if lacks(edition.coverage.sources) else "post.complete")


def _contents(
    edition: Edition, reports: Sequence[Report], taxonomy: Taxonomy, catalog: Catalog
) -> list[Line]:
    """A line for each category that has a message, which it leads to; the others in one line."""
    lines: list[Line] = []
    for report in reports:
        category = taxonomy[report.category]
        count = catalog.number(len(edition.categories[report.category]))
        name = Jump(catalog.name(category.name), report.category)
        lines.append((Text(f"{category.emoji} "), name, Text(f" {count}")))
    shown = {report.category for report in reports}
    if rest := [slug for slug in edition.fullest_first if slug not in shown]:
        names = ", ".join(_name_and_count(edition, taxonomy[slug], catalog) for slug in rest)
        lines.append((Text(catalog.say("post.rest", names=names)),))
    return lines


def _name_and_count(edition: Edition, category: Category, catalog: Catalog) -> str:
    count = catalog.number(len(edition.categories[category.slug]))
    return f"{catalog.name(category.name)} {count}"


def _sources(edition: Edition, catalog: Catalog) -> str:
    names = " · ".join(
        f"{source.source} {catalog.number(source.held)}"
        for source in edition.coverage.sources
        if source.held
    )
    return catalog.say("post.sources", names=names)


def _hint(edition: Edition, catalog: Catalog) -> Line:
    """How to get more of the fullest category, and the post itself."""
    slug = next(iter(edition.fullest_first), "")
    more = catalog.say("post.hint.digest")
    own = catalog.say("post.hint.subscribe")
    return (
        _DOT,
        Text(f"{more} "),
        Code(f"/digest {slug}".strip()),
        _DOT,
        Text(f"{own} "),
        Code("/subscribe"),
    )


def category_message(
    edition: Edition,
    report: Report,
    category: Category,
    catalog: Catalog,
    history: History = _UNKNOWN,
) -> Message:
    """One category's report, with its sources and how many papers it had on the last days."""
    count = len(edition.categories[report.category])
    name = catalog.name(category.name)
    blocks: list[Block] = []
    if report.themes:
        blocks += [_heading("themes", catalog), _paragraph(report.themes, report)]
    if report.keywords:
        words = Text(" · ".join(report.keywords))
        blocks += [_heading("keywords", catalog), Paragraph((words,))]
    blocks += _findings(report, catalog)
    for part, claims in (("impact", report.impact), ("outlook", report.outlook)):
        if claims:
            blocks += [_heading(part, catalog), _paragraph(claims, report)]
    blocks += [_heading("sources", catalog), Quote(tuple(_source_lines(report, catalog)))]
    if more := count - len(report.papers):
        blocks.append(Paragraph((Text(catalog.say("post.more", name=name, count=more)),)))
    trend = history.trend(edition.date, report.category, count)
    # Of fewer days a chart would say nothing.
    if trend.mean is not None:
        blocks.append(day_image(f"{report.category}.png", name, category.colour, trend, catalog))
    title = f"{category.emoji} {name} · {catalog.say('post.count', count=count)}"
    return Message(
        report.category, title, category.colour, tuple(blocks), _label(edition, report, catalog)
    )


def _for_you_message(entries: Sequence[Entry], catalog: Catalog) -> Message:
    """Papers found by the reader's own words, with the line of what is new in each."""
    lines = tuple(
        (Link(entry.paper.title, entry.paper.url), Text(f" · {contribution(entry.paper)}"))
        for entry in entries
    )
    return Message(FOR_YOU, catalog.say("post.for_you"), _ACCENT, (Items(lines),))


def _heading(part: str, catalog: Catalog) -> Heading:
    return Heading(catalog.say(f"report.part.{part}"))


def _findings(report: Report, catalog: Catalog) -> list[Block]:
    """What is new: one paragraph for a single paper, a list for several."""
    heading = _heading("findings", catalog)
    if len(report.papers) == 1:
        return [heading, _paragraph(report.findings, report)]
    lines = tuple(_claim(claim, report) for claim in report.findings)
    return [heading, Items(lines, numbered=True)]


def _paragraph(claims: Sequence[Claim], report: Report) -> Paragraph:
    spans: list[Span] = []
    for place, claim in enumerate(claims):
        if place:
            ended = claims[place - 1].text.endswith((".", "。", "!", "?"))
            spans.append(Text(" ") if ended else _DOT)
        spans += _claim(claim, report)
    return Paragraph(tuple(spans))


def _claim(claim: Claim, report: Report) -> Line:
    """The claim with its citations before the full stop, so that they read as part of it."""
    body = claim.text.rstrip(".。")
    end = claim.text[len(body) :]
    cites = tuple(Cite(number, report.papers[number - 1].paper.url) for number in claim.cites)
    return (Text(f"{body}\u00a0"), *cites, *((Text(end),) if end else ()))


def _source_lines(report: Report, catalog: Catalog) -> list[Line]:
    return [source_line(number, entry, catalog) for number, entry in enumerate(report.papers, 1)]


def source_line(number: int, entry: Entry, catalog: Catalog) -> Line:
    """Where a paper is to be read: its number, title, arXiv id and PDF."""
    paper = entry.paper
    line: list[Span] = [Text(f"[{number}] "), Link(paper.title, paper.url), _DOT]
    if paper.arxiv_id:
        line += [Text(f"arXiv {paper.arxiv_id}"), _DOT]
        line.append(Link("PDF", f"https://arxiv.org/pdf/{paper.arxiv_id}"))
    else:
        line.append(Text("deeplearn.org"))
    if paper.withdrawn:
        line += [_DOT, Strong(catalog.say("post.withdrawn"))]
    return tuple(line)


def _label(edition: Edition, report: Report, catalog: Catalog) -> str:
    written = "label.mixed" if report.extracted else "label.llm"
    label = catalog.say("label.extracted")
    if report.method == "llm":
        label = catalog.say(written, model=report.model)
    return f"{catalog.say('label.sample')} · {label}" if edition.sample else label
