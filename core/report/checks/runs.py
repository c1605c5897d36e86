"""Names of several words or with a version: "Stable Diffusion", "Llama 3.2", "π0", "k-NN"."""

import re
from collections.abc import Iterator

from core.report.checks import Fault
from core.report.checks.known_names import CONCEPTS, EVERYDAY, WORDLIKE
from core.report.checks.sources import Source
from core.report.checks.texts import is_english, singular, squashed, words

_GREEK = re.compile(r"(?<![A-Za-zͰ-Ͽ])[α-ωΑ-Ω][\s_-]?\d+(?:\.\d+)*")
_GREEK_NAMES = {"α": "alpha", "β": "beta", "γ": "gamma", "π": "pi", "σ": "sigma", "φ": "phi"}
# "Llama-3", "Qwen2.5"; a letter more ("GPT-4o") is another word.
_VERSIONED = re.compile(r"([A-Za-z]{2,}[A-Za-z-]*?)[\s-]?v?(\d+(?:\.\d+)*)(?![\w.]*[A-Za-z0-9])")
# A number right behind a name that counts nothing: a particle may follow, a counter may not.
_NUMBERED = re.compile(
    r"(?<![A-Za-z0-9])([A-Z][A-Za-z0-9-]*[a-zA-Z])\s(\d+(?:\.\d+)*)(?![A-Za-z0-9%]|[.,:/]\d)"
    r"(?=\W|$|[은는이가을를와과의로도만]|에서?\b|까지|보다|[はがをのとにでもや的和在上与與])"
)
_HYPHENATED = re.compile(r"(?<!\w)([A-Za-z])-([a-zA-Z]{2,})(?![A-Za-z0-9-])")
_SENTENCE = re.compile(r"(?:^|[.!?:;。！？]\s*|[“\"‘'(—–]\s*)$")


def variants(text: str, source: Source) -> Iterator[Fault]:
    """Names of the claim, a normal text, whose number or second half is not the source's."""
    greek = {squashed_greek(found) for found in _GREEK.findall(source.text)}
    for name in _GREEK.findall(text):
        if squashed_greek(name) not in greek and squashed_greek(name) not in source.spellings:
            yield Fault("name", f"{name}: in none of the cited papers")
    yield from _other_versions(text, source)
    letters = {letter.lower() for letter, _ in _HYPHENATED.findall(source.text)}
    for letter, rest in _HYPHENATED.findall(text):
        if squashed(letter + rest) not in source.spellings and letter.lower() in letters:
            yield Fault("name", f"{letter}-{rest}: in none of the cited papers")


def _other_versions(text: str, source: Source) -> Iterator[Fault]:
    """Names with a number where the source has them with other numbers only."""
    for name, number in _NUMBERED.findall(text):
        theirs = _versions(name, source)
        # "AUC 0.79" where the source has "AUC of 0.79": that is for the check of numbers.
        if "." in number and re.search(rf"(?<![\d.]){re.escape(number)}(?![\d]|\.\d)", source.text):
            continue
        if squashed(name + number) not in source.spellings and theirs and number not in theirs:
            yield Fault("name", f"{name} {number}: written {name} {min(theirs)} in the source")
    for word in words(text):
        found = _VERSIONED.fullmatch(word[0])
        if found and squashed(word[0]) not in source.spellings:
            theirs = _versions(found[1], source)
            if theirs and found[2] not in theirs:
                yield Fault("name", f"{word[0]}: written {found[1]} {min(theirs)} in the source")


def squashed_greek(name: str) -> str:
    """A name that begins with a Greek letter as it is written without it: "π-0" is "pi0"."""
    return squashed(_GREEK_NAMES.get(name[0].lower(), name[0]) + name[1:])


def _versions(name: str, source: Source) -> set[str]:
    """The numbers that the source writes behind a name, those of "Llama 3.1/3.2" and "2 and 3" too."""
    if len(name) > 1 and squashed(name) not in source.spellings:
        return set()
    letters = r"[\s-]?".join(re.escape(part) for part in re.split(r"[\s-]", name) if part)
    number = r"\d+(?:\.\d+)*"
    found: set[str] = set()
    for match in re.finditer(
        rf"(?<![A-Za-z0-9]){letters}[\s-]?v?({number}(?:(?:\s?/\s?|,\s|\sand\s|\sor\s){number})*)(?!\w|%|[.,]\d)",
        source.text,
        re.IGNORECASE,
    ):
        found |= set(re.findall(number, match[1]))
    return found


def runs(text: str, source: Source, *, latin: bool) -> Iterator[Fault]:
    """Names of several capitalised words of which the source has some, but not this one."""
    run: list[str] = []
    end = -1
    for match in [*words(text), None]:
        beside = match is not None and match.start() == end + 1 and text[end] == " "
        if match is not None and _is_capital(match[0]):
            opens = bool(_SENTENCE.search(text[max(0, match.start() - 3) : match.start()]))
            if not beside:
                yield from _strange(run, source)
                run = []
            # A sentence's first word has a capital anyway.
            run += [] if latin and opens and is_english(match[0]) else [match[0]]
        else:
            yield from _strange(run, source)
            run = []
        end = match.end() if match else -1


def _is_capital(word: str) -> bool:
    return word.istitle() and len(word) > 1 and word.isalpha()


def _strange(run: list[str], source: Source) -> Iterator[Fault]:
    """The ordinary words of a run that the source lacks where it has the others as a name's."""
    if len(run) < 2 or squashed("".join(word[0] for word in run)) in source.spellings:  # noqa: PLR2004
        return
    lacking = [word for word in run if not _has(word, source)]
    named = [word for word in run if word in source.spellings.get(squashed(word), frozenset())]
    for word in lacking if named else ():
        known = squashed(singular(word)) in EVERYDAY | WORDLIKE | CONCEPTS.keys()
        if is_english(word) and not known:
            yield Fault("name", f"{' '.join(run)}: {word} is in none of the cited papers")


def _has(word: str, source: Source) -> bool:
    return any(squashed(form) in source.spellings for form in (word, singular(word), f"{word}s"))
