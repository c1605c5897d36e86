"""Every sentence a person reads, by language; a language is one TOML file in this folder."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Union

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

Value = Union[str, int, date, "Phrase"]


class UnknownLanguageError(ValueError):
    """A language without a file here; the message lists those there are."""


class Phrase:
    """A sentence not yet in any language: a key of the language files and its values.

    ``Phrase("source.http", source="arXiv", status=503)``. Whole numbers, dates and inner phrases are written in
    the reader's language; a ``count`` chooses the plural form.
    """

    __slots__ = ("key", "values")

    def __init__(self, key: str, **values: Value) -> None:
        self.key = key
        self.values = values

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Phrase):
            return NotImplemented
        return (self.key, self.values) == (other.key, other.values)

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted((name, str(v)) for name, v in self.values.items()))))

    def __repr__(self) -> str:
        given = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f"Phrase({self.key!r}{given})"


class Catalog:
    """The sentences of one language, and how it writes numbers, dates and category names."""

    def __init__(self, language: str, data: Mapping[str, Any]) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        self._names: Mapping[str, str] = data.get("names", {})
        self._forms = dict(_flatten({k: v for k, v in data.items() if k != "names"}))

    @property
    def keys(self) -> frozenset[str]:
        """Every key, the plural forms among them (``post.papers.other``)."""
        return frozenset(self._forms)

    def template(self, key: str) -> str:
        """The sentence behind a key with its placeholders unfilled. Raises KeyError."""
        return self._forms[key]

    def text(self, phrase: Phrase) -> str:
        """The phrase in this language. Raises KeyError for an unknown key or a missing value."""
        template = self._forms.get(phrase.key)
        if template is None:
            count = phrase.values["count"]
            form = self._locale.plural_form(count) if isinstance(count, int) else "other"
            template = self._forms.get(f"{phrase.key}.{form}") or self._forms[f"{phrase.key}.other"]
        return template.format_map({k: self._written(v) for k, v in phrase.values.items()})

    def say(self, key: str, **values: Value) -> str:
        """``text(Phrase(key, ...))``."""
        return self.text(Phrase(key, **values))

    def number(self, value: float) -> str:
        """A number with this language's digit grouping and decimal sign."""
        return format_decimal(value, locale=self._locale)

    def day(self, value: date) -> str:
        """A date with its weekday, as the language's titles write it."""
        return format_date(value, format=self._forms["format.day"], locale=self._locale)

    def name(self, english: str) -> str:
        """A category's name in this language; one that has no translation stays as it is.

        Keyed by the English name, so that a category the operator renames is never shown
        under its old name.
        """
        return self._names.get(english, english)

    def _written(self, value: Value) -> str:
        if isinstance(value, Phrase):
            return self.text(value)
        if isinstance(value, date):
            return self.day(value)
        return self.number(value) if isinstance(value, int) else value


@cache
def catalog(language: str) -> Catalog:
    """The catalog of a language code (``ko``, ``en``). Raises UnknownLanguageError."""
    if language not in languages():
        raise UnknownLanguageError(
            f"no language {language!r}; there are: {', '.join(sorted(languages()))}"
        )
    source = files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Catalog(language, tomllib.loads(source))


@cache
def languages() -> frozenset[str]:
    """The codes of every language there is a file for."""
    names = (entry.name for entry in files(__name__).iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
