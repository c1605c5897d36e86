"""A person's words that cannot be used, answered with a sentence for that person."""

import unicodedata
from collections.abc import Sequence

from core.category import Category
from core.i18n import Catalog, Phrase

_ECHO = 50
# Hangul fillers and the grapheme joiner are letters and marks to Unicode, and nothing to the eye.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164")


class Refusal(Exception):  # noqa: N818 - nothing went wrong: it is an answer
    """Why something cannot be done; ``phrase`` is the sentence for the person who asked.

    ``choices`` are what they may have meant (slugs, zones), fit for buttons; ``nearest`` the
    categories among them.
    """

    def __init__(
        self, phrase: Phrase, choices: Sequence[str] = (), nearest: Sequence[Category] = ()
    ) -> None:
        super().__init__(phrase.key)
        self.phrase = phrase
        self.choices = tuple(choices)
        self.nearest = tuple(nearest)

    def text(self, words: Catalog) -> str:
        """The sentence in the reader's language, with the nearest categories by their names."""
        if not self.nearest:
            return words.text(self.phrase)
        named = " · ".join(
            words.say("subscription.option", name=words.name(category.name), slug=category.slug)
            for category in self.nearest
        )
        return words.text(Phrase(self.phrase.key, **{**self.phrase.values, "nearest": named}))


def cleaned(text: str) -> str:
    """The text in NFKC without control, zero-width and bidi characters, single-spaced."""
    spaced = " ".join(unicodedata.normalize("NFKC", text).split())
    kept = (char for char in spaced if _is_visible(char))
    return " ".join("".join(kept).split())


def echo(text: str) -> str:
    """The person's own words as a sentence repeats them: cleaned and short."""
    shown = cleaned(text)
    return shown if len(shown) <= _ECHO else f"{shown[: _ECHO - 1]}…"


def _is_visible(char: str) -> bool:
    return char not in _INVISIBLE and not unicodedata.category(char).startswith("C")
