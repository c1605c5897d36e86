"""Facts gone wrong: numbers, names and citations that the sources do not bear out.

A change that the cited sources might bear out after all, by rounding, in another unit or as a
percentage, is dropped.
"""

from copy import deepcopy
from random import Random

from bench.corrupt_text import Make, Spot
from bench.samples import FAULTS, Change, Sample, names_in, text_at, with_cites, with_text
from bench.values import SCALES, Value, holds_number_word, tokens, true, truths, values

SHORTEST = 3


def _renumbered(sample: Sample, spot: Spot, text: str, *, converted: bool = True) -> Change | None:
    """The new text, if it states a number that neither the old one nor the sources do."""
    part, place = spot
    before = values(text_at(sample.report, *spot), sample.marked)
    stated = truths(sample.source(sample.report[part][place]["cites"]), sample.marked)
    new = [value for value in values(text, sample.marked) if value not in before]
    if all(true(value, stated, converted=converted) for value in new):
        return None
    return with_text(sample.report, *spot, text)


def _another_digit(rng: Random, digits: str) -> str:
    places = [place for place, char in enumerate(digits) if char.isdigit()]
    place = rng.choice(places)
    lowest = 1 if place == 0 else 0
    others = [str(d) for d in range(lowest, 10) if str(d) != digits[place]]
    return digits[:place] + rng.choice(others) + digits[place + 1 :]


def _magnitude(rng: Random, digits: str) -> str:
    digits = digits.replace(",", "")
    whole, dot, decimals = digits.partition(".")
    if dot:
        return rng.choice([whole + decimals, f"{whole[:-1] or '0'}.{whole[-1]}{decimals}"])
    return digits[:-1] if digits.endswith("0") and rng.random() < 1 / 2 else f"{digits}0"


def _moved(rng: Random, digits: str) -> str:
    decimals = len(digits.partition(".")[2])
    step = rng.choice([-1, 1]) * rng.uniform(3, 20)
    moved = f"{abs(float(digits) + step):.{decimals}f}"
    return moved if float(moved) <= 100 else digits  # noqa: PLR2004 - per cent


def number(kind: str) -> Make:
    """Make a change of a number in digits: digit, magnitude or percent."""
    change = {"digit": _another_digit, "magnitude": _magnitude, "percent": _moved}[kind]

    def make(rng: Random, sample: Sample, spot: Spot) -> Change | None:
        text = text_at(sample.report, *spot)
        found = tokens(text, sample.marked)
        if kind == "percent":
            found = [token for token in found if text[token.end(1) :].startswith("%")]
        if kind == "magnitude":
            found = [token for token in found if len(token[1]) > 1]
        if not found:
            return None
        token = rng.choice(found)
        new = change(rng, token[1])
        return _renumbered(sample, spot, text[: token.start(1)] + new + text[token.end(1) :])

    return make


def number_of_another(rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Take a number out of a paper that the claim does not cite; per cent for per cent."""
    part, place = spot
    cites = sample.report[part][place]["cites"]
    text = text_at(sample.report, *spot)
    source = sample.source([p["n"] for p in sample.papers if p["n"] not in cites])
    found = tokens(text, sample.marked)
    if not found:
        return None
    token = rng.choice(found)
    share = text[token.end(1) :].startswith("%")
    others = [
        other[1]
        for other in tokens(source, sample.marked)
        if source[other.end(1) :].startswith("%") == share and other[1] != token[1]
    ]
    if not others:
        return None
    new = text[: token.start(1)] + rng.choice(others) + text[token.end(1) :]
    return _renumbered(sample, spot, new)


def number_in_words(rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """State another number in words, neither in the sources nor a count of the papers."""
    part, place = spot
    text = text_at(sample.report, *spot)
    cites = sample.report[part][place]["cites"]
    stated = [
        *truths(sample.source(cites), sample.marked),
        float(len(cites)),
        float(len(sample.papers)),
    ]
    wrong = [
        text.replace(old, new, 1)
        for old, new, value in FAULTS["words"][sample.language]
        if old in text and not true(Value(float(value), 0.001), stated)
    ]
    return with_text(sample.report, *spot, rng.choice(wrong)) if wrong else None


def unit(*, scale: bool) -> Make:
    """Make a change of the scale word (million, 만) or of the measure (ms, GB) behind a number."""

    def make(rng: Random, sample: Sample, spot: Spot) -> Change | None:
        text = text_at(sample.report, *spot)
        wrong = []
        for token in tokens(text, sample.marked):
            for old, new in FAULTS["units"][sample.language]:
                behind = token.end(1) + len(token[2])
                if (old in SCALES) == scale and text.startswith(old, behind):
                    wrong.append(text[:behind] + new + text[behind + len(old) :])
        if not wrong:
            return None
        chosen = rng.choice(wrong)
        return (
            _renumbered(sample, spot, chosen, converted=False)
            if scale
            else with_text(sample.report, *spot, chosen)
        )

    return make


def _misspelt(rng: Random, name: str, kind: str) -> str:
    letters = [i for i in range(1, len(name)) if name[i].isalpha()]
    place = rng.choice(letters)
    if kind == "dropped":
        return name[:place] + name[place + 1 :]
    if kind == "doubled":
        return name[: place + 1] + name[place:]
    if kind == "replaced":
        other = rng.choice([c for c in "aeioutrnlsk" if c != name[place].lower()])
        return (
            name[:place] + (other.upper() if name[place].isupper() else other) + name[place + 1 :]
        )
    swaps = [i for i in letters[:-1] if name[i + 1].isalpha() and name[i] != name[i + 1]]
    if not swaps:
        return name
    place = rng.choice(swaps)
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def name(kind: str) -> Make:
    """Make a change of a method's name: misspelt, another paper's, or invented."""

    def make(rng: Random, sample: Sample, spot: Spot) -> Change | None:
        part, place = spot
        text = text_at(sample.report, *spot)
        held = names_in(text, sample)
        if not held:
            return None
        old = rng.choice(held)
        cited = sample.source(sample.report[part][place]["cites"])
        everything = sample.source([paper["n"] for paper in sample.papers])
        if kind == "another":
            others = [n for n in names_in(everything, sample) if n not in cited and n not in text]
            new = rng.choice(others) if others else old
        elif kind == "invented":
            new = rng.choice(FAULTS["inventions"])
        else:
            new = _misspelt(rng, old, kind)
        if new in cited or len(new) < SHORTEST:
            return None
        return with_text(sample.report, *spot, text.replace(old, new))

    return make


def _elsewhere(sample: Sample, spot: Spot, cites: list[int]) -> bool | None:
    """Whether a claim's numbers and names tell that it rests on none of these; None: it has none."""
    text = text_at(sample.report, *spot)
    source = sample.source(cites)
    held = [*names_in(text, sample), *(name for name in sample.others if name in text)]
    stated = truths(source, sample.marked)
    read = values(text, sample.marked)
    if not held and not read:
        return None
    return any(n not in source for n in held) or any(not true(v, stated) for v in read)


def _eligible(sample: Sample, spot: Spot, cites: list[int], *, marked: bool) -> bool:
    if marked:
        return _elsewhere(sample, spot, cites) is True
    text = text_at(sample.report, *spot)
    quoted = any(paper["title"] in text for paper in sample.papers)
    plain = not quoted and not holds_number_word(text)
    return plain and _elsewhere(sample, spot, cites) is None


def moved(*, marked: bool) -> Make:
    """Make a change that lets a claim cite another paper; ``marked``: it holds a number or name."""

    def make(rng: Random, sample: Sample, spot: Spot) -> Change | None:
        part, place = spot
        old = sample.report[part][place]["cites"]
        others = [paper["n"] for paper in sample.papers if paper["n"] not in old]
        if len(others) < len(old):
            return None
        new = sorted(rng.sample(others, len(old)))
        if not _eligible(sample, spot, new, marked=marked):
            return None
        return with_cites(sample.report, part, place, new)

    return make


def one_of_several(rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Let one of several citations go astray, so that a number or name has lost its paper."""
    part, place = spot
    old = sample.report[part][place]["cites"]
    others = [paper["n"] for paper in sample.papers if paper["n"] not in old]
    if len(old) == 1 or not others:
        return None
    lost, gained = rng.choice(old), rng.choice(others)
    new = sorted([gained, *(cite for cite in old if cite != lost)])
    if _elsewhere(sample, spot, new) is not True:
        return None
    return with_cites(sample.report, part, place, new)


def exchanged(rng: Random, sample: Sample, spot: Spot) -> Change | None:
    """Let two findings, each with a number or name, cite each other's paper."""
    part, place = spot
    others = [i for i in range(len(sample.report[part])) if i != place]
    if not others:
        return None
    other = rng.choice(others)
    pair = (place, other), (other, place)
    if not all(_elsewhere(sample, (part, a), [b + 1]) for a, b in pair):
        return None
    bad = deepcopy(sample.report)
    for a, b in pair:
        bad[part][a]["cites"] = [b + 1]
    text = f"{[other + 1]} {bad[part][place]['text']}"
    return Change(bad, part, place, text, (part, other))
