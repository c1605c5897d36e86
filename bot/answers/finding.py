"""Answers that find papers: one by its number, or past ones by words."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.adapters.base import Reply, Request
from bot.answers.desk import Desk
from bot.answers.shape import answer, buttons, question, sentence
from bot.refusal import Refusal, cleaned, echo
from bot.searching import parse_terms, written
from core.blocks import (
    Action,
    Ask,
    Block,
    Heading,
    Items,
    Line,
    Link,
    Paragraph,
    Span,
    Strong,
    Text,
)
from core.category import Category
from core.i18n import Catalog, Phrase
from core.paper import BadPaperIdError, Paper, paper_url, parse_paper_id
from core.report.sentences import contribution, sentences
from core.signals import hot_place, released, upvotes, venue
from storage.search import Found, Hit, Place

_AUTHORS = 6
_ABSTRACT = 900
_PAGE = 8
_FARTHEST = 10_000
_DOT = Text(" · ")
# What stands around an address in a sentence, and what follows the number inside of it.
_AROUND = "<>()[]{},;.!?\"'“”‘’"
_BEHIND = re.compile(r"[?#].*|/+$")
_BARE = re.compile(r"(?:www\.|export\.)?arxiv\.org/", re.IGNORECASE)


async def paper(desk: Desk, request: Request, words: Catalog) -> Reply:
    """One paper: what it is, what is new in it, where it stands; from storage alone."""
    said = request.arguments.get("paper", "")
    if not said:
        return _asked("paper", words)
    paper_id = _paper_id(said)
    found = await desk.store.papers.get(paper_id)
    if found is None:
        name, url = paper_id.removeprefix("arxiv:"), paper_url(paper_id)
        unknown = Paragraph((Text(words.say("answer.why.unknown", id=paper_id)),))
        return answer(words, "", [unknown, Paragraph((Link(_site(paper_id, name), url),))])
    place = await desk.store.search.place(found.id)
    blocks: list[Block] = [
        Paragraph(_titled(found.title, found.url, words, withdrawn=found.withdrawn)),
        *_authors(found, words),
        Paragraph(_codes(found)),
        Items(tuple((Text(line),) for line in await _standing(desk, found, place, words))),
        Heading(words.say("report.part.findings")),
        Paragraph((Text(contribution(found)),)),
    ]
    if abstract := _cut(found.abstract):
        blocks += [Heading(words.say("answer.paper.abstract")), Paragraph((Text(abstract),))]
    return answer(words, words.say("answer.paper.title"), [*blocks, *_onward(found, place, words)])


def _asked(command: str, words: Catalog) -> Reply:
    """The question for what a command cannot do without."""
    option = {"paper": "paper", "search": "words"}[command]
    ask = Ask(option, words.say(f"answer.menu.ask.{option}"))
    action = Action(words.say(f"answer.menu.button.write_{option}"), command, asks=ask)
    return question(words, action, words.say(f"answer.{command}.empty"))


def _paper_id(given: str) -> str:
    """The id that is meant by a number, a link or a sentence with one of them. Raises Refusal."""
    text = cleaned(given)
    if not text:
        raise Refusal(Phrase("answer.paper.empty"))
    ids = {found for part in (text, *text.split()) if (found := _parsed(part))}
    if len(ids) != 1:
        raise Refusal(Phrase("answer.paper.refused", given=echo(given)))
    return ids.pop()


def _parsed(text: str) -> str:
    bare = text.strip(_AROUND)
    if "/" in bare:
        bare = _BEHIND.sub("", bare)
    if _BARE.match(bare):
        bare = f"https://{bare}"
    try:
        return parse_paper_id(bare)
    except BadPaperIdError:
        return ""


def _site(paper_id: str, name: str) -> str:
    return f"arXiv {name}" if paper_id.startswith("arxiv:") else "deeplearn.org"


def _titled(title: str, url: str, words: Catalog, *, withdrawn: bool) -> tuple[Span, ...]:
    mark = (_DOT, Strong(words.say("post.withdrawn"))) if withdrawn else ()
    return (Link(title, url), *mark)


def _authors(found: Paper, words: Catalog) -> list[Block]:
    if not found.authors:
        return []
    names = ", ".join(found.authors[:_AUTHORS])
    if len(found.authors) > _AUTHORS:
        more = len(found.authors) - _AUTHORS
        names = words.say("answer.paper.authors", names=names, count=more)
    return [Paragraph((Text(names),))]


def _codes(found: Paper) -> Line:
    """Its number, its arXiv categories and its PDF."""
    number = found.arxiv_id
    line: list[Span] = [Text(_site(found.id, number or ""))]
    if found.categories:
        line += [_DOT, Text(", ".join(found.categories))]
    if number:
        line += [_DOT, Link("PDF", f"https://arxiv.org/pdf/{number}")]
    return tuple(line)


async def _standing(desk: Desk, found: Paper, place: Place | None, words: Catalog) -> list[str]:
    """Its category, edition and place with the reasons, or that it waits; and its signals now."""
    signals = list(_signals(found))
    if place is None:
        belongs = await desk.store.papers.edition_of([found.id])
        lines = [words.say("answer.why.waiting", day=belongs[found.id])]
    else:
        lines = [
            words.say(
                "answer.why.place",
                day=place.edition,
                name=_name(desk, place.category, words),
                place=place.number,
                count=place.count,
            ),
            ", ".join(words.text(reason) for reason in place.why),
        ]
        signals = [signal for signal in signals if signal not in place.why]
    if signals:
        said = ", ".join(words.text(signal) for signal in signals)
        lines.append(words.say("answer.paper.signals", signals=said))
    return [line for line in lines if line]


def _signals(found: Paper) -> Iterator[Phrase]:
    """What sources and authors say of it, as they say it now."""
    if votes := upvotes(found):
        yield Phrase("why.upvotes", count=votes)
    if hot_place(found):
        yield Phrase("why.hot")
    if accepted := venue(found.comment):
        yield Phrase("why.venue", venue=accepted)
    if released(found):
        yield Phrase("why.code")


def _cut(abstract: str) -> str:
    """The abstract, a long one up to the last sentence that has room."""
    if len(abstract) <= _ABSTRACT:
        return abstract
    kept = ""
    for sentence_ in sentences(abstract):
        longer = f"{kept} {sentence_}".strip()
        if len(longer) > _ABSTRACT:
            break
        kept = longer
    return f"{kept or abstract[:_ABSTRACT].rsplit(maxsplit=1)[0]} …"


def _onward(found: Paper, place: Place | None, words: Catalog) -> list[Block]:
    """Buttons for its category on its day, and for why it stands there."""
    why = Action(words.say("answer.button.why"), "why", (("category", found.id),))
    if place is None:
        return buttons([why])
    day = (("category", place.category), ("date", place.edition.isoformat()))
    return buttons([Action(words.say("answer.button.day"), "digest", day), why])


async def search(desk: Desk, request: Request, words: Catalog) -> Reply:
    """Published papers that hold all the words, the newest first, with a way to the older ones."""
    given = request.arguments
    if not given.get("words"):
        return _asked("search", words)
    terms = parse_terms(given.get("words", ""))
    category = desk.category(given["category"]) if given.get("category") else None
    offset = _offset(given.get("offset", ""))
    found = await _found(desk, terms, category, offset)
    everything = given.get("everything", "")
    if everything and not found.total:
        # What named the category may have been one of the words.
        terms, category = parse_terms(everything), None
        found = await _found(desk, terms, category, offset)
    if not found.hits and offset:
        offset = 0
        found = await _found(desk, terms, category, offset)
    actions = _ways(found, terms, category, offset, everything, words)
    if not found.hits:
        said = [words.say("answer.search.none", words=echo(written(terms)))]
        if not found.whole and found.since:
            said.append(words.say("answer.search.since", day=found.since))
        return sentence(words, "\n".join(said), actions)
    lines = tuple(_line(desk, hit, words) for hit in found.hits)
    blocks: list[Block] = [Paragraph((Text(_count(found, offset, words)),)), Items(lines)]
    if rest := found.total - offset - len(found.hits):
        blocks.append(Paragraph((Text(words.say("answer.search.more", count=rest)),)))
    title = words.say("answer.search.title", words=echo(written(terms)))
    if category:
        title = f"{category.emoji} {words.name(category.name)} · {title}"
    return answer(words, title, [*blocks, *buttons(actions)])


async def _found(desk: Desk, terms: Sequence[str], category: Category | None, offset: int) -> Found:
    slug = category.slug if category else ""
    return await desk.store.search.find(terms, slug, offset=offset, limit=_PAGE)


def _offset(given: str) -> int:
    return min(int(given), _FARTHEST) if re.fullmatch(r"[0-9]{1,5}", given) else 0


def _count(found: Found, offset: int, words: Catalog) -> str:
    """How many were found, which of them are shown, and how far back was looked."""
    said = "answer.search.found" if found.whole or found.since is None else "answer.search.many"
    return words.say(
        said,
        count=found.total,
        first=offset + 1,
        last=offset + len(found.hits),
        day=found.since or date.min,
    )


def _line(desk: Desk, hit: Hit, words: Catalog) -> Line:
    emoji = desk.taxonomy[hit.category].emoji if hit.category in desk.taxonomy.slugs else "📄"
    titled = _titled(hit.title, hit.url, words, withdrawn=hit.withdrawn)
    return (*titled, Text(f" · {emoji} · {hit.edition.isoformat()}"))


def _ways(
    found: Found,
    terms: Sequence[str],
    category: Category | None,
    offset: int,
    everything: str,
    words: Catalog,
) -> list[Action]:
    """Buttons for the papers before and after these, and for all categories."""
    asked = [("words", written(terms))]
    if category:
        asked.append(("category", category.slug))
    ways = []
    if offset:
        start = str(max(offset - _PAGE, 0))
        ways.append(_turn("newer", asked, start, words))
    if found.total > offset + len(found.hits):
        start = str(offset + _PAGE)
        ways.append(_turn("older", asked, start, words))
    if category:
        whole = (("words", everything or written(terms)),)
        ways.append(Action(words.say("answer.button.everywhere"), "search", whole))
    return ways


def _turn(way: str, asked: Sequence[tuple[str, str]], offset: str, words: Catalog) -> Action:
    """A button that turns the page."""
    label = words.say(f"answer.button.{way}")
    return Action(label, "search", (*asked, ("offset", offset)), in_place=True)


def _name(desk: Desk, slug: str, words: Catalog) -> str:
    return words.name(desk.taxonomy[slug].name) if slug in desk.taxonomy.slugs else slug
