"""The taxonomy: the closed list of categories an installation sorts papers into."""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.i18n import catalog, languages

OTHER = "other"

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
# Parts of a post that are no category.
_PARTS = frozenset({"parent", "for-you"})
_AND = re.compile(r"\band\b")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
# How alike a misspelled name must be. Tried on the 50,000 words and pairs of a week of abstracts:
# from 0.85 "research" would be search, "genetic" agentic and "interference" inference; the last
# wrong one ("knowledge gap") falls at 0.923. What is left is one slip in eight letters: a short
# word is never guessed, for at 0.93 no name is near enough to one.
_CERTAIN = 0.93
_AHEAD = 0.05
# One slip in a name of ten letters counts as this much: of 333,058 words and pairs of five days of
# abstracts it finds "recommended" and "multi-model" beyond what the ratio finds, and nothing else.
_LONG_ENOUGH = 10
_ONE_SLIP = 0.96
# What is longer is no name, and comparing it would take long.
_LONGEST = 64
_HEAVIEST = 100
_KINDS = {str: "a text", list: "a list"}
_DEFAULTS: dict[str, Any] = {
    "emoji": "📄",
    "colour": "#777777",
    "description": "",
    "aliases": [],
    "keywords": {},
    "codes": {},
}


class BadTaxonomyError(ValueError):
    """A taxonomy file that cannot be used; the message names the file and the entry."""


class UnknownCategoryError(ValueError):
    """No category of that name; ``nearest`` holds the three most alike."""

    def __init__(self, query: str, nearest: tuple["Category", ...]) -> None:
        hint = ", ".join(f"{category.slug} ({category.name})" for category in nearest)
        super().__init__(f"no category {query!r}; nearest: {hint}")
        self.query = query
        self.nearest = nearest


@dataclass(frozen=True, slots=True)
class Category:
    """One subject of the taxonomy.

    ``keywords`` and ``codes`` (arXiv codes) are evidence for the rules, each with its weight;
    ``colour`` is ``#rrggbb``; ``emoji`` is the category's mark in chats.
    """

    slug: str
    name: str
    emoji: str
    colour: str
    description: str
    aliases: tuple[str, ...] = ()
    keywords: Mapping[str, float] = field(default_factory=dict)
    codes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The categories in the operator's order; ``other`` is always the last."""

    categories: tuple[Category, ...]

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories)

    def __getitem__(self, slug: str) -> Category:
        for category in self.categories:
            if category.slug == slug:
                return category
        raise KeyError(slug)

    @property
    def slugs(self) -> tuple[str, ...]:
        """Every slug, in order."""
        return tuple(category.slug for category in self.categories)

    def find(self, query: str) -> Category:
        """The category a person means by a slug, name (in any language), alias or arXiv code.

        Case, width, accents, spaces and punctuation do not matter, nor does a slip in a long name.
        Raises UnknownCategoryError with the three nearest.
        """
        if category := self.named(query):
            return category
        ranking = self._ranking(_plain(query)[:_LONGEST])
        if certain := _certain(ranking):
            return certain
        nearest = tuple(category for _, category in ranking[:3])
        raise UnknownCategoryError(query.strip(), nearest)

    def named(self, query: str) -> Category | None:
        """The category of exactly this slug, name, alias or arXiv code, however it is typed."""
        plain = _plain(query)
        for name, category in self._names():
            if name == plain:
                return category
        if coded := self._by_code(plain):
            return coded
        letters = _letters(plain)
        for name, category in self._names():
            if letters and _letters(name) == letters:
                return category
        return None

    def _names(self) -> Iterator[tuple[str, Category]]:
        """Every plain spelling: no alias hides a slug or a name, nor a translation an alias."""
        yield from ((_plain(category.slug), category) for category in self.categories)
        yield from ((_plain(category.name), category) for category in self.categories)
        for category in self.categories:
            yield from ((_plain(alias), category) for alias in category.aliases)
        for language in sorted(languages()):
            words = catalog(language)
            yield from ((_plain(words.name(c.name)), c) for c in self.categories)

    def _by_code(self, code: str) -> Category | None:
        """The category that an arXiv code speaks for most."""
        weights = [
            (weight, category)
            for category in self.categories
            for known, weight in category.codes.items()
            if known.casefold() == code and weight > 0
        ]
        return max(weights, key=lambda found: found[0])[1] if weights else None

    def _ranking(self, wanted: str) -> list[tuple[float, Category]]:
        """How alike each category's best spelling is, the most alike first."""
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(_letters(wanted))
        best = dict.fromkeys(self.slugs, 0.0)
        for name, category in self._names():
            matcher.set_seq1(_letters(name))
            # A word more is another wish ("recommender systems cv"), never a slip.
            slip = len(wanted.split()) <= len(name.split())
            alike = matcher.ratio() if slip else min(matcher.ratio(), _CERTAIN - _AHEAD)
            if slip and _is_one_slip(_letters(wanted), _letters(name)):
                alike = max(alike, _ONE_SLIP)
            best[category.slug] = max(best[category.slug], alike)
        order = sorted(best, key=lambda slug: -best[slug])
        return [(best[slug], self[slug]) for slug in order]


def _certain(ranking: Sequence[tuple[float, Category]]) -> Category | None:
    """The most alike category, if it is beyond doubt and no other comes near."""
    (alike, category), *others = ranking
    beaten = all(alike - other >= _AHEAD for other, _ in others[:1])
    return category if alike >= _CERTAIN and beaten else None


def _is_one_slip(typed: str, name: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two beside each other are swapped."""
    if min(len(typed), len(name)) < _LONG_ENOUGH or abs(len(typed) - len(name)) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(typed, name, strict=False)) if a != b),
        min(len(typed), len(name)),
    )
    one, other = typed[start:], name[start:]
    swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one[1:] == other or one == other[1:]


@lru_cache(maxsize=1024)
def _plain(text: str) -> str:
    """Case folded, half-width, composed, single-spaced."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@lru_cache(maxsize=1024)
def _letters(text: str) -> str:
    """Letters and digits alone, without accents; a Hangul syllable as its two or three letters.

    Nor is there an "and", for which names have a sign.
    """
    decomposed = unicodedata.normalize("NFD", _AND.sub("", text))
    return "".join(char for char in decomposed if char.isalnum())


@cache
def default_taxonomy() -> Taxonomy:
    """The taxonomy that comes with Paperround: 16 subjects of AI and ``other``."""
    source = files("core").joinpath("categories.toml")
    return _parse(source.read_text(encoding="utf-8"), "categories.toml")


def load_taxonomy(path: Path) -> Taxonomy:
    """The operator's own taxonomy (``CATEGORIES_FILE``). Raises BadTaxonomyError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise BadTaxonomyError(f"{path}: {said}") from error
    return _parse(text, str(path))


def _parse(text: str, place: str) -> Taxonomy:
    try:
        tables = tomllib.loads(text)
        categories = [_category(slug, table) for slug, table in tables.items()]
    except ValueError as error:
        raise BadTaxonomyError(f"{place}: {error}") from error
    except RecursionError:
        raise BadTaxonomyError(f"{place}: nested too deeply") from None
    if not categories:
        raise BadTaxonomyError(f"{place}: no category in it")
    if not any(category.slug == OTHER for category in categories):
        # Its own evidence was weighed against the default categories, not against these.
        categories.append(replace(default_taxonomy()[OTHER], keywords={}, codes={}))
    categories.sort(key=lambda category: category.slug == OTHER)
    return Taxonomy(tuple(categories))


def _category(slug: str, table: object) -> Category:
    """One table of the file. Raises ValueError that names the entry."""
    if not _SLUG.fullmatch(slug) or slug in _PARTS:
        raise ValueError(f"[{slug}] is no slug; one looks like my-topic")
    if not isinstance(table, dict) or not str(table.get("name", "")).strip():
        raise ValueError(f"[{slug}] needs at least a name")
    if unknown := table.keys() - {"name", *_DEFAULTS}:
        raise ValueError(f"[{slug}] has unknown entries: {', '.join(sorted(unknown))}")
    given = _DEFAULTS | table
    for entry, kind in (("name", str), ("emoji", str), ("description", str), ("aliases", list)):
        if not isinstance(given[entry], kind):
            raise ValueError(f"[{slug}] {entry} must be {_KINDS[kind]}")  # noqa: TRY004
        if kind is str and not given[entry].isprintable():
            raise ValueError(f"[{slug}] {entry} must be one line of printable text")
    if not isinstance(given["colour"], str) or not _COLOUR.fullmatch(given["colour"]):
        raise ValueError(f"[{slug}] colour must look like #1f77b4")
    return Category(
        slug=slug,
        name=given["name"],
        emoji=given["emoji"],
        colour=given["colour"],
        description=given["description"],
        aliases=tuple(map(str, given["aliases"])),
        keywords=_weights(slug, "keywords", given["keywords"]),
        codes=_weights(slug, "codes", given["codes"]),
    )


def _weights(slug: str, entry: str, given: object) -> Mapping[str, float]:
    """A table of weights; a plain list means weight 1 for each."""
    if isinstance(given, list):
        return dict.fromkeys(map(str, given), 1.0)
    if isinstance(given, dict) and all(map(_is_weight, given.values())):
        return {name: float(weight) for name, weight in given.items()}
    raise ValueError(f"[{slug}] {entry} must be a list of words or a table of weights within ±100")


def _is_weight(value: object) -> bool:
    """A number that adds up with others; true, nan and inf do not."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= _HEAVIEST
