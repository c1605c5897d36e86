"""Names: each one is spelt as in the cited papers, and theirs rather than another paper's."""

import re
from collections.abc import Iterator

from core.report.checks import Fault
from core.report.checks.known_names import CONCEPTS, EVERYDAY, WORDLIKE
from core.report.checks.runs import runs, variants
from core.report.checks.sources import Source, is_distinctive
from core.report.checks.texts import (
    is_english,
    is_prefixed,
    may_open,
    normal,
    singular,
    squashed,
    words,
)
from core.report.checks.words_for_numbers import is_number_word

_SENTENCE_START = re.compile(r"(?:^|[.!?:;。！？]\s*|[“\"‘'(—–]\s*)$")
_PARTED = re.compile(r"[-_/@&]")
# Two letters begin some two words of any abstract.
_ACRONYM = re.compile(r"[A-Z]{3,6}")
_SHORT, _LONG = 3, 7
# "Llama-3.1-8B" for "Llama 3.1 8B"
_SIZE = re.compile(r"\d+(?:\.\d+)?[BMK]")
_VERSION = re.compile(r"(\D+)[\d.]+\w?")


def names(text: str, source: Source, others: Source | None, *, latin: bool) -> Iterator[Fault]:
    """Names of the claim that are misspelt, another paper's, or in no paper at all.

    ``source`` holds the cited papers, ``others`` the rest; ``latin`` says that the text's own
    language is written in Latin letters, where an ordinary word may begin with a capital.
    """
    seen = normal(text)
    yield from variants(seen, source)
    yield from runs(seen, source, latin=latin)
    told: set[str] = set()
    for match in words(seen):
        word = singular(match[0]) if len(match[0]) > 2 else match[0]  # noqa: PLR2004
        if word in told or len(word) < 2:  # noqa: PLR2004
            continue
        told.add(word)
        opens = bool(_SENTENCE_START.search(seen[max(0, match.start() - 3) : match.start()]))
        if said := _wrong(match[0], source, others, latin=latin, opens=opens):
            yield Fault("name", said)


def _wrong(word: str, source: Source, others: Source | None, *, latin: bool, opens: bool) -> str:
    """What is wrong with this word as a name, or nothing."""
    spellings = _spellings(word, source)
    if spellings is not None:
        return _misspelt(word, spellings, latin=latin, opens=opens)
    if said := _of_other_parts(word, source):
        return said
    if not _is_name(word, others, latin=latin, opens=opens):
        # "Comost" may be "co" and "most", but rather is "Compost" misspelt.
        ordinary = (is_english(word) and not is_prefixed(word)) or is_number_word(word)
        near = "" if ordinary else _near(word, source)
        return f"{word}: misspelt for {near}" if near else ""
    return _unknown(word, source, others, latin=latin, opens=opens)


def _spellings(word: str, source: Source) -> frozenset[str] | None:
    """How the source writes this word, or None if it does not have it."""
    found = None
    for form in (word, singular(word), f"{word}s"):
        spelt = source.spellings.get(squashed(form))
        if spelt is not None:
            found = (found or frozenset()) | spelt
    return found


def _misspelt(word: str, spellings: frozenset[str], *, latin: bool, opens: bool) -> str:
    """The word, if its capitals are not those that every spelling in the source has."""
    alone = {singular(spelling) for spelling in spellings}
    # Hyphens and spaces may differ; capitals may not where they make the name.
    joints = set().union(*map(_joints, spellings))
    apart = joints and is_distinctive(word) and not _joints(word) and all(map(_joints, spellings))
    if joints and (apart or not _joints(word) <= joints):
        return f"{word}: written {min(spellings)} in the source"
    letters = {_letters(spelling) for spelling in (*alone, *spellings)}
    forms = {_letters(word), _letters(singular(word))}
    if not letters or forms & letters or any(map(_is_compound, (word, *spellings))):
        return ""
    # "Rest" within a sentence is no rest where the source has REST only.
    named = latin and not opens and word.istitle() and len(word) > _SHORT
    ordinary = (is_english(word) and not named) or (
        latin and word.endswith("s") and (opens or word.islower())
    )
    capitals = all(map(str.isupper, alone))
    mixed = all(spelling[1:] != spelling[1:].lower() for spelling in alone)
    if (capitals and not (ordinary and (latin or word.islower()))) or (
        mixed and not capitals and not (ordinary and word != singular(word))
    ):
        return f"{word}: written {min(alone)} in the source"
    return ""


def _joints(word: str) -> set[int]:
    """After how many letters a word has a hyphen: 3 in "GPT-4"."""
    return {len(_letters(word[: match.start()])) for match in re.finditer("-", word)}


def _letters(word: str) -> str:
    return "".join(filter(str.isalnum, word))


def _is_compound(word: str) -> bool:
    """Whether these are ordinary words with a hyphen, whose capitals are a title's."""
    return "-" in word and is_english(word)


def _is_name(word: str, others: Source | None, *, latin: bool, opens: bool) -> bool:
    """Whether the word must be borne out: by its letters, or by its capital where one is telling."""
    if is_distinctive(word):
        return True
    if not word[0].isupper():
        return False
    if latin and opens and (is_number_word(word) or (_is_plain(word, others) and may_open(word))):
        return False
    if not is_english(word):
        return True
    if others is None:
        return False
    if latin and opens:
        return _leads(word, others) or (
            singular(word) in others.lone and _always_capital(word, others)
        )
    return singular(word) in others.names or _always_capital(word, others)


def _always_capital(word: str, others: Source) -> bool:
    """Whether another paper has the word with a capital only, as a sentence may begin with a name."""
    spelt = others.spellings.get(squashed(word), frozenset())
    return word in spelt and word.lower() not in spelt


def _is_plain(word: str, others: Source | None) -> bool:
    """Whether no other paper has the word as a name."""
    return word.istitle() and (others is None or singular(word) not in others.names)


def _leads(word: str, others: Source | None) -> bool:
    """Whether another paper's title begins with this name and a colon."""
    return others is not None and bool(
        re.search(rf"^{re.escape(word)}\s?:", others.text, re.MULTILINE)
    )


def _unknown(word: str, source: Source, others: Source | None, *, latin: bool, opens: bool) -> str:
    """Why a name that the cited papers lack is wrong there, or nothing if it is sound."""
    key, alone = squashed(word), squashed(singular(word).replace(".", ""))
    if alone in EVERYDAY or key in EVERYDAY:
        return ""
    if (concept := CONCEPTS.get(alone)) and re.search(concept, source.text, re.IGNORECASE):
        return ""
    if alone not in CONCEPTS and (near := _near(word, source)):
        return f"{word}: misspelt for {near}"
    if _expands(singular(word), source):
        return ""
    if others is not None and _spellings(word, others) is not None:
        return f"{word}: only in a paper that is not cited"
    parts = [part for part in _PARTED.split(word) if part]
    if len(parts) > 1:
        return _in_parts(parts, source, others, latin=latin, opens=opens)
    if alone in WORDLIKE:
        return ""
    return f"{word}: in no paper"


def _in_parts(
    parts: list[str], source: Source, others: Source | None, *, latin: bool, opens: bool
) -> str:
    """A hyphenated name, judged part by part: "ReCapture-based", "GPT-4-level"."""
    for part in parts:
        if _SIZE.fullmatch(part) and re.search(rf"(?<![\w.]){re.escape(part)}(?!\w)", source.text):
            continue
        if part.isdigit():
            if part not in source.spellings:
                return f"{'-'.join(parts)}: in no paper"
        elif len(part) > 1 and (said := _wrong(part, source, others, latin=latin, opens=opens)):
            return said
    if sum(part[0].isupper() for part in parts) > 1 and not all(map(is_english, parts)):
        known = all(_spellings(part, source) is not None or part.isdigit() for part in parts)
        return "" if known else f"{'-'.join(parts)}: in no paper"
    return ""


def _of_other_parts(word: str, source: Source) -> str:
    """What is wrong with "Office-Home" where the source has Office-31, or "Sort-Term" for Short-Term."""
    parts = word.split("-")
    capital = [part for part in parts if part.istitle() and len(part) > 1]
    if len(parts) < 2 or len(capital) < 2 or len(capital) < len(parts):  # noqa: PLR2004
        return ""
    key = squashed(word)
    for name in source.hyphenated:
        if _distance(key, squashed(name), 1) <= 1:
            return f"{word}: misspelt for {name}"
        if sorted(word.casefold().split("-")) == sorted(name.casefold().split("-")):
            return f"{word}: written {name} in the source"
    known = [_spellings(part, source) is not None for part in parts]
    if any(known) and not all(known):
        strange = parts[known.index(False)]
        return f"{word}: {strange} is in none of the cited papers"
    return ""


def _expands(word: str, source: Source) -> bool:
    """Whether the acronym's letters begin consecutive words of the source."""
    if not _ACRONYM.fullmatch(word):
        return False
    return word.lower() in source.initials


def _near(word: str, source: Source) -> str:
    """The name of the source that this one is a slip away from, or nothing."""
    key = squashed(singular(word))
    if not is_distinctive(word) and is_english(word) and not is_prefixed(word):
        return ""
    reach = 1 if len(key) < _LONG else 2
    for name in source.names:
        other = squashed(name)
        longer = max(len(key), len(other))
        if longer >= _SHORT and key != other and _distance(key, other, reach) <= reach:
            return name
    return ""


def _distance(first: str, second: str, most: int) -> int:
    """Edits (insert, delete, replace, swap neighbours) between two words; more than ``most`` is cut."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(second) + 1))
    for row, char in enumerate(first, 1):
        line = [row]
        for column, other in enumerate(second, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (char != other))
            if row > 1 and column > 1 and char == second[column - 2] and first[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]
