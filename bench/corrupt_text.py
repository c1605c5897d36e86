"""Texts gone bad: markup, LaTeX, links, mentions, foreign passages, echoes, length."""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from random import Random
from typing import Any

from bench.samples import CLAIM_PARTS, FAULTS, Change, Sample, names_in, text_at, with_text

Spot = tuple[str, int]
Make = Callable[[Random, Sample, Spot], Change | None]
LONG = 2500
KEYWORDS = 60
# Where a writer may go on to another word; Japanese and Chinese set no spaces.
BETWEEN_WORDS = {
    "ko": r"(?<=\S)\s",
    "en": r"(?<=\S)\s",
    "ja": r"(?<=[ぁ-ん、。])(?=[一-鿿ァ-ヶA-Za-z0-9「])",
    "zh": r"(?<=[，、；：。的了在把和与])(?=\S)",
}


def insert(rng: Random, sample: Sample, spot: Spot, snippet: str) -> Change:
    """The snippet between two words, never inside a name or a number."""
    text = text_at(sample.report, *spot)
    for name in names_in(text, sample):
        text = text.replace(name, "x" * len(name))
    places = [found.start() for found in re.finditer(BETWEEN_WORDS[sample.language], text)]
    place = rng.choice([0, *places, len(text)])
    text = text_at(sample.report, *spot)
    gap = " " if sample.language in {"ko", "en"} else ""
    before, after = text[:place].rstrip(), text[place:].lstrip()
    return with_text(sample.report, *spot, gap.join(filter(None, (before, snippet, after))))


def inserted(snippet: str) -> Make:
    """Make a change that puts this snippet somewhere."""
    return lambda rng, sample, spot: insert(rng, sample, spot, snippet)


def wrapped(pattern: str) -> Make:
    """Make a change that wraps one word as the pattern says, as in ``**{}**``."""

    def make(rng: Random, sample: Sample, spot: Spot) -> Change | None:
        text = text_at(sample.report, *spot)
        words = list(re.finditer(r"[A-Za-z]{4,}|[가-힣]{2,}|[一-鿿ァ-ヶー]{2,}", text))
        if not words:
            return None
        word = rng.choice(words)
        marked = pattern.format(word[0])
        return with_text(sample.report, *spot, text[: word.start()] + marked + text[word.end() :])

    return make


def framed(pattern: str) -> Make:
    """Make a change that sets the whole text into the pattern."""
    return lambda _rng, sample, spot: with_text(
        sample.report, *spot, pattern.replace("{}", text_at(sample.report, *spot))
    )


def foreign(kind: str) -> Make:
    """Make a change that puts in, or in a word's place, something of another language."""

    def make(rng: Random, sample: Sample, spot: Spot) -> Change:
        snippet = rng.choice(FAULTS["foreign"][sample.language][kind])
        text = text_at(sample.report, *spot)
        words = re.findall(r"\b[a-z]{5,}\b|(?<!\S)[가-힣]{2,}(?!\S)", text)
        if words and rng.random() < 1 / 2:
            return with_text(sample.report, *spot, text.replace(rng.choice(words), snippet, 1))
        return insert(rng, sample, spot, snippet)

    return make


def foreign_sentence(rng: Random, sample: Sample, spot: Spot) -> Change:
    """Add a sentence of another language, or put it in the text's place."""
    sentence = rng.choice(FAULTS["foreign"][sample.language]["sentence"])
    text = text_at(sample.report, *spot)
    return with_text(sample.report, *spot, rng.choice([f"{text} {sentence}", sentence]))


def translated(others: Mapping[tuple[str, ...], list[Sample]]) -> Make:
    """Make a change that takes the text of the report on the same papers in another language."""

    def make(rng: Random, sample: Sample, spot: Spot) -> Change | None:
        part, place = spot
        mine = sample.report[part][place]
        twins = [
            claim["text"]
            for other in others[sample.key]
            if other.language != sample.language
            for claim in other.report[part][place : place + 1]
            if claim["cites"] == mine["cites"]
        ]
        return with_text(sample.report, part, place, rng.choice(twins)) if twins else None

    return make


def echo(kind: str) -> Make:
    """Make a change that lets the model talk about its task."""

    def make(rng: Random, sample: Sample, spot: Spot) -> Change:
        words = rng.choice(FAULTS["echo"][sample.language][kind])
        text = text_at(sample.report, *spot)
        whole = {"instruction": [words, f"{text} {words}"]}.get(kind, [f"{words} {text}"])
        return with_text(sample.report, *spot, rng.choice(whole))

    return make


def invisible(rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Hide a character that shows nothing between two others."""
    text = text_at(sample.report, *spot)
    place = rng.randrange(1, len(text))
    hidden = rng.choice(FAULTS["invisible"])
    return with_text(sample.report, *spot, text[:place] + hidden + text[place:])


def endless(_rng: Random, sample: Sample, spot: Spot) -> Change:
    """Let one claim tell the whole report, over and over."""
    texts = [text_at(sample.report, *other) for other in sample.spots(CLAIM_PARTS)]
    whole = " ".join(texts)
    return with_text(sample.report, *spot, " ".join([whole] * (LONG // len(whole) + 1)))


def long_keyword(rng: Random, sample: Sample, spot: Spot) -> Change:
    """Put whole sentences where a keyword belongs."""
    texts = [text_at(sample.report, *other) for other in sample.spots(CLAIM_PARTS)]
    rng.shuffle(texts)
    return with_text(sample.report, *spot, " ".join(texts[:3]))


def many_keywords(rng: Random, sample: Sample, _spot: Spot) -> Change:
    """List far too many keywords, all of them words of the report."""
    words = {
        word
        for spot in sample.spots(CLAIM_PARTS)
        for word in re.findall(
            r"[A-Za-z]{5,}|[가-힣]{2,}|[一-鿿ァ-ヶー]{2,}", text_at(sample.report, *spot)
        )
    }
    bad: dict[str, Any] = deepcopy(sample.report)
    chosen = sorted(words)
    rng.shuffle(chosen)
    bad["keywords"] = chosen[:KEYWORDS]
    return Change(bad, "keywords", None, f"{len(bad['keywords'])} keywords")


def too_short(rng: Random, sample: Sample, spot: Spot) -> Change:
    """Say nothing in a word."""
    return with_text(sample.report, *spot, rng.choice(FAULTS["short"][sample.language]))
