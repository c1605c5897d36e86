"""Texts made comparable: one spelling of digits and powers, words, and the English lexicon."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

_RAISED = re.compile("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_LEVEL = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
# A Latin word with what belongs to it: "GPT-4o", "a4.8", "Mixture-of-Transformers", "mAP@50", "C++".
WORD = re.compile(
    r"(?<![A-Za-z0-9À-ɏḀ-ỿ])[A-Za-zÀ-ɏḀ-ỿ][A-Za-z0-9À-ɏḀ-ỿ]*(?:(?:[-‐‑_@&]|\.(?=\d)|['’](?=[A-Za-z]))[A-Za-z0-9À-ɏḀ-ỿ]+)*\+{0,2}"
)
# The same where digits lead: "3DGS", "2FA"; units and sizes are left to the numbers.
LED_BY_DIGITS = re.compile(
    r"(?<![\w.])\d+[A-Z](?=[A-Z]+(?![a-z]))(?!B(?![A-Z])|Hz)[A-Z]{1,6}s?(?![A-Za-z0-9])"
)
# "Llama 3.1": a name and the number after it.
NAME_AND_NUMBER = re.compile(
    r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9-]*[a-zA-Z]\s\d+(?:\.\d+)*(?!\w|%|[.,]\d)"
)
_POINT, _A_POINT = re.compile(r"(?<=\d)\.(?=\d)"), "·"
_NEITHER = re.compile(rf"[^\w+{_A_POINT}]|_")
_ENDINGS = (
    ("'s", ""), ("’s", ""), ("ies", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("d", ""),
    ("ing", ""), ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"),
    ("ally", "al"), ("ness", ""), ("est", ""), ("ability", "able"), ("able", ""),
)  # fmt: skip
_PREFIXES = ("un", "re", "non", "pre", "over", "under", "multi", "co", "sub", "inter")
_SHORTEST_STEM = 3
_NO_PLURALS = {"ss", "is", "us"}
# How the lexicon, from American abstracts, has what others spell "generalise" and "behaviour".
_BRITISH = (
    (re.compile(r"is(?=(?:e[sdr]?|ers|ing|ations?)$)"), "iz"),
    (re.compile(r"our"), "or"),
    (re.compile(r"ys(?=(?:e[sdr]?|ing)$)"), "yz"),
    (re.compile(r"ll(?=(?:ed|ing)$)"), "l"),
    (re.compile(r"ence$"), "ense"),
)


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """The text in NFKC, with raised digits written after ^ and minus signs as hyphens."""
    text = _RAISED.sub(lambda match: f"^{match[0].translate(_LEVEL)}", text)
    return unicodedata.normalize("NFKC", text).replace("−", "-")


def squashed(word: str) -> str:
    """A word's letters and digits alone, case folded: "Wi-Fi", "WiFi" and "wi fi" are one.

    A point between digits stays, for 3.5 is another version than 35.
    """
    small = word.casefold()
    if small.isalnum():
        return small
    if "." in small:
        small = _POINT.sub(_A_POINT, small)
    return _NEITHER.sub("", small)


def singular(word: str) -> str:
    """A name without a possessive or a plural's s: "LLMs", "LLM's"."""
    for ending in ("'s", "’s", "s'", "s’"):
        word = word.removesuffix(ending)
    # "Synthesis" and "corpus" are no plurals.
    if word.endswith("s") and len(word) > _SHORTEST_STEM - 1 and word[-2:] not in _NO_PLURALS:
        return word[:-1]
    return word


def words(text: str) -> Iterator[re.Match[str]]:
    """The Latin words of a normal text, those that digits lead among them, in order."""
    yield from sorted((*WORD.finditer(text), *LED_BY_DIGITS.finditer(text)), key=re.Match.start)


@cache
def _lexicon() -> frozenset[str]:
    """English base forms: the small-letter words of some thousand abstracts, and everyday ones."""
    source = files("core.report.checks").joinpath("words.txt")
    return frozenset(source.read_text(encoding="utf-8").split())


@lru_cache(maxsize=16_384)
def is_english(word: str) -> bool:
    """Whether this is an ordinary English word, inflected or not, whatever its case."""
    small = word.casefold()
    known = _lexicon()
    if small in known or len(small) < _SHORTEST_STEM - 1:
        return True
    if "-" in small:
        return all(is_english(part) for part in small.split("-") if part)
    return _is_inflected(small, known) or any(
        (american in known or _is_inflected(american, known))
        for pattern, instead in _BRITISH
        if (american := pattern.sub(instead, small)) != small
    )


def _is_inflected(small: str, known: frozenset[str]) -> bool:
    """Whether the word is a known one with an ending or a syllable before it."""
    for ending, instead in _ENDINGS:
        if small.endswith(ending):
            stem = small[: len(small) - len(ending)]
            if len(stem) + len(instead) < _SHORTEST_STEM:
                continue
            # "planned", "running"
            doubled = stem[-2:-1] == stem[-1:] and stem[:-1] in known
            if stem + instead in known or doubled:
                return True
    return is_prefixed(small)


def is_prefixed(word: str) -> bool:
    """Whether this is an English word with a syllable such as "un" or "co" before it."""
    small, known = word.casefold(), _lexicon()
    return any(small.startswith(prefix) and small[len(prefix) :] in known for prefix in _PREFIXES)


@cache
def _openers() -> frozenset[str]:
    """Everyday words that abstracts lack and a report may begin a sentence with."""
    source = files("core.report.checks").joinpath("openers.txt")
    return frozenset(source.read_text(encoding="utf-8").split())


_PEOPLE = re.compile(r"(\w{4,}?)(?:ologists|icians|ists|ians|ers|ors|ants|ees)")


def _is_people(word: str) -> bool:
    """Whether these are people by what they do: "physicists", "historians", where "physics" is a word."""
    found = _PEOPLE.fullmatch(word)
    return bool(found) and any(known.startswith(found[1]) for known in _lexicon() | _openers())  # type: ignore[index]


@lru_cache(maxsize=4096)
def may_open(word: str) -> bool:
    """Whether a word with a capital may just begin an English sentence: "Depots", "Rereading"."""
    small = word.casefold()
    if is_english(small) or small in _openers() or _is_people(small):
        return True
    stems = {
        small.removesuffix(ending) + instead
        for ending, instead in _ENDINGS
        if small.endswith(ending) and len(small) - len(ending) >= _SHORTEST_STEM
    }
    stems |= {stem[:-1] for stem in stems if stem[-2:-1] == stem[-1:]}
    stems |= {small.removeprefix(prefix) for prefix in _PREFIXES if small.startswith(prefix)}
    return any(
        len(stem) >= _SHORTEST_STEM and (is_english(stem) or stem in _openers()) for stem in stems
    )
