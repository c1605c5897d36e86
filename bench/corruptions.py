"""Good reports made bad, one fault at a time, from a list of faults alone.

``corruptions()`` is deterministic: the same samples and seed give the same bad reports. It knows
nothing of the checker that it measures. A class of faults has kinds; each language gets the same
number of each, as far as its reports have places for them, spread over as many reports as can be.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import bench.corrupt_facts as facts
import bench.corrupt_shape as shape
import bench.corrupt_text as text
from bench.samples import CLAIM_PARTS, FAULTS, LANGUAGES, Corruption, Sample

SEED = 20260111
TRIES = 4
TEXTS = (*CLAIM_PARTS, "keywords")
FREE = ("themes", "impact", "outlook")
# Classes that must be caught every time, then those with a share, then those merely reported.
STRUCTURAL = ("citation", "missing paper", "schema", "LaTeX", "link", "mention", "foreign passage")
SHARED = ("number", "name", "swapped citation")
REPORTED = ("swapped, no number or name", "markup", "echo", "invisible", "length", "repeated")


@dataclass(frozen=True)
class Kind:
    """One way to make a report bad, the parts in which it is tried, and how often a language."""

    fault: str
    name: str
    make: text.Make
    parts: tuple[str, ...]
    share: int


def _same(fault: str, snippets: Sequence[str], share: int = 3) -> Iterator[Kind]:
    for snippet in snippets:
        yield Kind(fault, snippet, text.inserted(snippet), TEXTS, share)


def _citations() -> Iterator[Kind]:
    new = {
        "n+1": lambda sample, _: [len(sample.papers) + 1],
        "0": lambda _, __: [0],
        "-1 added": lambda _, old: [*old, -1],
        "99 added": lambda _, old: [*old, 99],
        "removed": lambda _, __: [],
    }
    for name, change in new.items():
        yield Kind("citation", name, shape.cites(change), CLAIM_PARTS, 5)
    yield Kind("citation", "field removed", shape.one_removed, CLAIM_PARTS, 5)
    yield Kind("missing paper", "finding removed", shape.finding_removed, ("findings",), 8)
    yield Kind("missing paper", "never cited", shape.never_cited, ("findings",), 8)
    yield Kind("missing paper", "said of another", shape.finding_cites_another, ("findings",), 5)


def _schema() -> Iterator[Kind]:
    parts: dict[str, Callable[[Any], Any]] = {
        "part null": lambda _: None,
        "part a string": str,
        "part a mapping": lambda old: {"items": old},
        "part nested": lambda old: [old],
    }
    items: dict[str, Callable[[Any], Any]] = {
        "claim a string": lambda claim: claim["text"],
        "claim nested": lambda claim: {"claim": claim},
        "text empty": lambda claim: claim | {"text": ""},
        "text blank": lambda claim: claim | {"text": " \n"},
        "text a number": lambda claim: claim | {"text": 42},
        "text missing": lambda claim: {"cites": claim["cites"]},
        "cites strings": lambda claim: claim | {"cites": [str(n) for n in claim["cites"]]},
        "cites a number": lambda claim: claim | {"cites": claim["cites"][0]},
        "cites nested": lambda claim: claim | {"cites": [claim["cites"]]},
    }
    yield Kind("schema", "part missing", shape.part_missing, TEXTS, 5)
    yield Kind("schema", "report nested", shape.nested, ("findings",), 2)
    for name, value in parts.items():
        yield Kind("schema", name, shape.part_as(value), TEXTS, 3)
    for name, value in items.items():
        yield Kind("schema", name, shape.item_as(value), CLAIM_PARTS, 3)
    for name, value in {
        "keyword a mapping": lambda word: {"text": word},
        "keyword empty": lambda _: "",
    }.items():
        yield Kind("schema", name, shape.item_as(value), ("keywords",), 3)


def _texts(samples: Sequence[Sample]) -> Iterator[Kind]:
    twins: dict[tuple[str, ...], list[Sample]] = defaultdict(list)
    for sample in samples:
        twins[sample.key].append(sample)
    yield from _same("LaTeX", FAULTS["latex"])
    yield from _same("link", FAULTS["links"])
    yield from _same("mention", FAULTS["mentions"], 4)
    yield Kind("foreign passage", "word", text.foreign("word"), TEXTS, 14)
    yield Kind("foreign passage", "phrase", text.foreign("phrase"), CLAIM_PARTS, 8)
    yield Kind("foreign passage", "sentence", text.foreign_sentence, CLAIM_PARTS, 10)
    yield Kind("foreign passage", "other report's text", text.translated(twins), CLAIM_PARTS, 8)
    for pattern in ("**{}**", "*{}*", "__{}__", "~~{}~~", "||{}||", "`{}`", "<b>{}</b>"):
        yield Kind("markup", pattern, text.wrapped(pattern), TEXTS, 3)
    for pattern in (
        "# {}",
        "### {}",
        "- {}",
        "• {}",
        "1. {}",
        "> {}",
        "<p>{}</p>",
        "{}<br>",
        "- {}\n- {}",
    ):
        yield Kind("markup", pattern, text.framed(pattern), CLAIM_PARTS, 2)
    for kind in ("assistant", "opening", "instruction"):
        yield Kind("echo", kind, text.echo(kind), CLAIM_PARTS, 6)
    yield from _same("echo", FAULTS["tokens"], 2)
    yield Kind("invisible", "character", text.invisible, TEXTS, 16)
    yield Kind("length", "endless claim", text.endless, CLAIM_PARTS, 6)
    yield Kind("length", "keyword a paragraph", text.long_keyword, ("keywords",), 4)
    yield Kind("length", "many keywords", text.many_keywords, ("keywords",), 2)
    yield Kind("length", "claim too short", text.too_short, CLAIM_PARTS, 8)
    yield Kind("repeated", "in its part", shape.repeated, TEXTS, 8)
    yield Kind(
        "repeated", "elsewhere", shape.repeated_elsewhere, ("findings", "impact", "outlook"), 6
    )


def _facts() -> Iterator[Kind]:
    for kind, share in {"digit": 14, "magnitude": 10, "percent": 10}.items():
        yield Kind("number", kind, facts.number(kind), CLAIM_PARTS, share)
    yield Kind("number", "of another paper", facts.number_of_another, CLAIM_PARTS, 10)
    yield Kind("number", "in words", facts.number_in_words, CLAIM_PARTS, 12)
    yield Kind("number", "scale word", facts.unit(scale=True), CLAIM_PARTS, 8)
    yield Kind("number", "measure", facts.unit(scale=False), CLAIM_PARTS, 6)
    for kind in ("swapped", "dropped", "doubled", "replaced", "another", "invented"):
        yield Kind("name", kind, facts.name(kind), CLAIM_PARTS, 10)
    yield Kind("swapped citation", "moved", facts.moved(marked=True), FREE, 14)
    yield Kind("swapped citation", "one of several", facts.one_of_several, FREE, 8)
    yield Kind("swapped citation", "exchanged", facts.exchanged, ("findings",), 14)
    yield Kind("swapped, no number or name", "moved", facts.moved(marked=False), FREE, 20)


def _made(kind: Kind, samples: Sequence[Sample], seed: int) -> Iterator[Corruption]:
    """As many as the kind's share, first one a report, then a second one, and so on."""
    seeded = f"{seed}/{kind.fault}/{kind.name}/{samples[0].language}"
    rng = Random(seeded)  # noqa: S311 - repeatable on purpose
    rounds: list[tuple[int, float, Sample, text.Spot]] = []
    for sample in samples:
        spots = list(sample.spots(kind.parts))
        rng.shuffle(spots)
        # A place may be changed in more than one way where there are few places.
        again = enumerate(spots * TRIES)
        rounds += [(turn, rng.random(), sample, spot) for turn, spot in again]
    made, seen = 0, set()
    for _, _, sample, spot in sorted(rounds, key=lambda entry: entry[:2]):
        change = kind.make(rng, sample, spot)
        if change is None or (key := repr(change.report)) in seen:
            continue
        seen.add(key)
        yield Corruption(kind.fault, kind.name, sample, change)
        made += 1
        if made == kind.share:
            return


def corruptions(samples: Sequence[Sample], seed: int = SEED) -> list[Corruption]:
    """Every bad report, by class, kind and language."""
    made: list[Corruption] = []
    for kind in [*_citations(), *_schema(), *_texts(samples), *_facts()]:
        for language in LANGUAGES:
            own = [sample for sample in samples if sample.language == language]
            if own:
                made += _made(kind, own, seed)
    return made
