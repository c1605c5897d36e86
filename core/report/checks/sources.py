"""A paper as evidence: its words, names and numbers, read once."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from core.paper import Paper
from core.report.checks.amount import Amount
from core.report.checks.amounts import amounts, every_run_of_digits
from core.report.checks.derived import Pair, compared
from core.report.checks.lists import listed
from core.report.checks.texts import NAME_AND_NUMBER, is_english, normal, singular, squashed, words
from core.report.checks.units import understood

# Longer than any abstract; what goes on further is no evidence.
_READ = 10_000
_LONGEST_NAME, _MOST_PARTS = 4, 8
_VERSION = re.compile(r"([A-Za-z]{3,})[-_ ]?v?\d[\w.-]*")
# "eRisk", "mT5"
_LED_BY_SMALL = re.compile(r"[a-z]{1,3}[A-Z]")
_TITLE_NAME = re.compile(r"^([\w.+-]+)(?:\s*\([^)]*\))?\s*:\s")
_BESIDE = re.compile(r"\s?[-‐‑–/&]?\s?")
_AFTER_STOP = re.compile(r"(?:^|[.!?:]\s+|[“\"‘(]\s*)$")
_LINKING = frozenset("a an and for from in of on the to via with by as at or".split())
# What says a number without being one.
_MEANT = (
    (0.0, r"\bzero\b|\bno\b|\bwithout\b"),
    (1.0, r"\b(?:single|one|once|first|sole|unique|mono\w+|uni\w+)\b"),
    (2.0, r"\b(?:both|dual\w*|pairs?|paired|pairwise|twin|second|secondary|two\w*|double|binary|bi-?(?:level|manual|lingual|directional|modal|partite|encoder|phasic)\w*|either|couple)\b"),
    (3.0, r"\b(?:triple\w*|triplets?|third|ternary|trio|tri-?(?:lingual|level|modal|plane)\w*|three\w*)\b"),
    (4.0, r"\b(?:quad\w*|fourth|four\w*)\b"),
    (5.0, r"\bfifth\b"), (6.0, r"\bsixth\b"), (7.0, r"\bseventh\b"), (8.0, r"\beighth\b"),
    (10.0, r"\btenth\b|\bdecade\b"),
)  # fmt: skip
_SAID = tuple((value, re.compile(pattern, re.IGNORECASE)) for value, pattern in _MEANT)
_COUNTED_PAPERS = re.compile(
    r"\b(?:papers?|articles?|studies|publications?|works)\b", re.IGNORECASE
)


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = re.compile(
    r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:uary|ruary|ch|il|e|y|ust|t(?:ember)?|ober|ember)?\b"
)
_ORDINALS = {
    "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12, "eleventh": 11, "sixth": 6, "seventh": 7, "tenth": 10,
    "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "hundredth": 100,
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\b({'|'.join(_ORDINALS)})\b|\btwenty-(first|second|third)\b", re.IGNORECASE
)
_TWENTY = {"first": 21.0, "second": 22.0, "third": 23.0}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What a paper's title and abstract hold.

    ``pairs`` are amounts that a sentence sets against each other, ``listed`` the lengths of lists.
    ``spellings`` maps each squashed word, and each run of up to four words, to how it is written
    (nothing for runs); ``names`` are the spellings of what looks like a name, ``lone`` those that stand
    with a capital within a sentence where no neighbour does; ``hyphenated`` the words with a hyphen.
    """

    text: str
    spellings: Mapping[str, frozenset[str]]
    names: frozenset[str]
    hyphenated: frozenset[str]
    lone: frozenset[str]
    initials: str
    amounts: tuple[Amount, ...]
    loose: frozenset[float]
    meant: frozenset[float]
    papers: frozenset[float]
    pairs: tuple[Pair, ...]
    listed: frozenset[int]


@lru_cache(maxsize=512)
def read_source(paper: Paper) -> Source:
    """The evidence in one paper."""
    return _source(f"{paper.title} . {paper.abstract}"[:_READ], paper.title)


@lru_cache(maxsize=512)
def joined(sources: tuple[Source, ...]) -> Source:
    """Several papers as one piece of evidence."""
    spellings: dict[str, frozenset[str]] = {}
    for source in sources:
        for key, written in source.spellings.items():
            spellings[key] = spellings.get(key, frozenset()) | written
    return Source(
        text="\n".join(source.text for source in sources),
        spellings=spellings,
        names=frozenset().union(*(source.names for source in sources)),
        hyphenated=frozenset().union(*(source.hyphenated for source in sources)),
        lone=frozenset().union(*(source.lone for source in sources)),
        initials="/".join(source.initials for source in sources),
        amounts=tuple(amount for source in sources for amount in source.amounts),
        loose=frozenset().union(*(source.loose for source in sources)),
        meant=frozenset().union(*(source.meant for source in sources)),
        papers=frozenset().union(*(source.papers for source in sources)),
        pairs=tuple(pair for source in sources for pair in source.pairs),
        listed=frozenset().union(*(source.listed for source in sources)),
    )


def _source(written: str, title: str) -> Source:
    text = normal(written)
    found = list(words(text))
    spelt = [match[0] for match in found]
    read = [amount for amount in amounts(text) if not _in_a_name(amount, found)]
    stated = [amount for amount in read if not _is_glued(amount, text)]
    stated += [
        Amount(text[start:end], start, (value,), kind, raw=raw)
        for start, end, value, kind, raw in understood(text)
    ]
    return Source(
        text=text,
        spellings=_spellings(text, found) | _numbered(text),
        names=frozenset(map(singular, _names(text, found, len(title)))),
        hyphenated=frozenset(word for word in spelt if "-" in word),
        lone=frozenset(_lone(text, found, len(title))),
        initials=_initials(spelt),
        amounts=tuple(stated),
        loose=_loose(found) | {v for a in read if _is_glued(a, text) for v in a.values},
        meant=frozenset(value for value, pattern in _SAID if pattern.search(text)) | _dated(text),
        papers=frozenset(
            value
            for amount in stated
            for value in amount.values
            if _COUNTED_PAPERS.search(text[amount.start : amount.start + 50])
        ),
        pairs=tuple(compared(text, stated)),
        listed=listed(text),
    )


def _dated(text: str) -> frozenset[float]:
    """Months by their names, and ordinals: "March", "nineteenth"."""
    months = {float(_MONTHS.index(match[1].lower()) + 1) for match in _MONTH.finditer(text)}
    orders = {
        float(_ORDINALS[match[1].lower()]) if match[1] else _TWENTY[match[2].lower()]
        for match in _ORDINAL.finditer(text)
    }
    return frozenset(months | orders)


def is_distinctive(word: str) -> bool:
    """Whether its letters alone say that it is a name: "ReCapture", "LLMs", "GPT-4", "a4.8"."""
    letters = singular(word)
    if _LED_BY_SMALL.match(letters):
        return True
    if sum(map(str.isupper, letters)) > 1:
        parts = [part for part in letters.split("-") if part]
        plain = (
            part.islower() or (len(part) > 1 and part.istitle() and is_english(part))
            for part in parts
        )
        return not (len(parts) > 1 and all(plain))
    return any(map(str.isdigit, letters)) and any(map(str.isalpha, letters))


def _names(text: str, found: list[re.Match[str]], titled: int) -> set[str]:
    """Words that look like names: by their letters, by a capital within a sentence, by the title."""
    names = {match[0] for match in found if is_distinctive(match[0])}
    names |= {
        match[0]
        for match in found
        if match[0].istitle()
        and match.start() > titled
        and not _AFTER_STOP.search(text[max(0, match.start() - 4) : match.start()])
    }
    if lead := _TITLE_NAME.match(text):
        names.add(lead[1])
    return names


def _lone(text: str, found: list[re.Match[str]], titled: int) -> Iterator[str]:
    """Words with a capital after the title and within a sentence, beside words without one."""
    for before, word, after in zip(found, found[1:], found[2:], strict=False):
        alone = before[0][0].islower() and after[0][0].islower() and word[0].istitle()
        if alone and word.start() > titled and text[before.end() : word.start()] in {" ", ", "}:
            yield singular(word[0])


def _spellings(text: str, found_words: list[re.Match[str]]) -> dict[str, frozenset[str]]:
    """Every word, part of a word and run of words, squashed, with its spellings."""
    found: dict[str, set[str]] = {}
    for match in found_words:
        for spelling in _forms(match[0]):
            found.setdefault(squashed(spelling), set()).add(spelling)
    for place, first in enumerate(found_words):
        run, end = first[0], first.end()
        for match in found_words[place + 1 : place + _LONGEST_NAME]:
            # "Candela, a model" and "Candela a" make no name "Candelaa".
            if not _BESIDE.fullmatch(text, end, match.start()) or match[0] == "a":
                break
            run, end = run + match[0], match.end()
            for key in (squashed(run), squashed(singular(run))):
                found.setdefault(key, set())
    found.pop("", None)
    return {key: frozenset(written) for key, written in found.items()}


def _forms(word: str) -> set[str]:
    """A word as it may be named: whole, without its plural or version, or a part of it."""
    # No name has more parts; what has is no name, and its parts make too many pairs.
    parts = [part for part in re.split(r"[-_/@&]", word) if part][:_MOST_PARTS]
    forms = {word, *parts}
    for first, last in combinations(range(len(parts) + 1), 2):
        forms.add("-".join(parts[first:last]))
    forms |= {version[1] for form in forms if (version := _VERSION.fullmatch(form))}
    return forms | {singular(form) for form in forms}


def _initials(spelt: Iterable[str]) -> str:
    """First letters of all words in order, and again without "of", "and" and the like."""
    parts = [part.lower() for word in spelt for part in re.split(r"[-_']", word) if part]
    every = "".join(part[0] for part in parts)
    return f"{every}|{''.join(part[0] for part in parts if part not in _LINKING)}"


def _in_a_name(amount: Amount, found: list[re.Match[str]]) -> bool:
    """Whether the number only tells a name from another: 4 in "GPT-4"; not 8 billion in "-8B"."""
    return amount.text.replace(".", "").isdigit() and any(
        match.start() < amount.start < match.end() and match[0] != match[0].lower()
        for match in found
    )


def _is_glued(amount: Amount, text: str) -> bool:
    """Whether a whole number is part of a word, as in "3D" and "4-bit": no percentage is meant."""
    return amount.text.isdigit() and bool(
        re.match("-?[A-Za-z]", text[amount.start + len(amount.text) :][:2])
    )


def _numbered(text: str) -> dict[str, frozenset[str]]:
    """Names with a number set apart, "Llama 3.1", as one word."""
    return {squashed(match[0]): frozenset() for match in NAME_AND_NUMBER.finditer(text)}


def _loose(found: list[re.Match[str]]) -> frozenset[float]:
    """Numbers in small words that are no names: "top-5", "rank-1"."""
    return frozenset(
        value
        for match in found
        if match[0] == match[0].lower()
        for _, value in every_run_of_digits(match[0])
    )
