"""The bundled day as it would be sent: the post, and what a press or a command brings."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from bot.adapters.base import Request
from bot.answers.desk import Desk
from bot.answers.reading import digest
from core.blocks import Post
from core.category import default_taxonomy
from core.edition import Edition
from core.history import History, last_listings
from core.i18n import catalog
from core.post import compose
from core.report import Report
from core.report.writing import shown_categories, write_reports
from core.sample import sample_edition
from core.subscription import Target

_TAXONOMY = default_taxonomy()
_PAPERS = 5
_NOW = datetime(2024, 11, 10, 3, 0, tzinfo=UTC)
# Made up: how many papers each category had on the thirteen listings before.
_BEFORE = {
    "cv": (3, 2, 4, 3, 1, 3, 2, 5, 3, 2, 4, 2, 3),
    "llm": (3, 2, 3, 4, 2, 3, 3, 2, 4, 3, 2, 3, 3),
    "multimodal": (1, 0, 2, 1, 1, 0, 1, 2, 1, 1, 0, 1, 1),
    "rl": (0, 1, 1, 0, 2, 1, 0, 1, 0, 1, 1, 0, 2),
    "recsys": (0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0),
    "theory": (1, 2, 1, 2, 3, 1, 2, 2, 1, 2, 3, 2, 1),
    "inference": (0, 1, 0, 1, 1, 0, 1, 1, 2, 0, 1, 0, 1),
}


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What an answer asks of ``bot.shelf.Shelf``, with one edition on it."""

    edition: Edition
    history_: History
    taxonomy = _TAXONOMY

    async def find(self, day: date) -> Edition | None:
        return self.edition if day == self.edition.date else None

    async def reports(
        self, edition: Edition, slugs: Sequence[str], language: str, *, keep: bool
    ) -> tuple[Report, ...]:
        del keep
        return write_reports(edition, slugs, _PAPERS, catalog(language))

    async def history(self, day: date) -> History:
        del day
        return self.history_


class Day:
    """The sample in one language."""

    def __init__(self, language: str) -> None:
        self.words = catalog(language)
        edition = sample_edition(_TAXONOMY)
        before = last_listings(edition.date)[:-1]
        counts = {
            day: {slug: numbers[at] for slug, numbers in _BEFORE.items()}
            for at, day in enumerate(before)
        }
        self._edition, self._history = edition, History(counts)
        slugs = shown_categories(edition, (), len(_BEFORE))
        reports = write_reports(edition, slugs, _PAPERS, self.words)
        self.post = compose(edition, reports, _TAXONOMY, self.words, history=self._history)

    def title(self, slug: str) -> str:
        """The title of a category's message."""
        return next(reply.title for reply in self.post.replies if reply.part == slug)

    def answer(self, slug: str, platform: str) -> Post:
        """What ``/digest`` answers about a category of that day."""
        shelf = _Shelf(self._edition, self._history)
        given: dict[str, Any] = dict.fromkeys(field.name for field in fields(Desk))
        given |= {
            "shelf": shelf,
            "settings": SimpleNamespace(digest_timezone="Asia/Seoul"),
            "clock": lambda: _NOW,
        }
        arguments = {"category": slug, "date": self._edition.date.isoformat()}
        request = Request(
            "digest", Target(platform, "1"), "1", arguments, language=self.words.language
        )
        return asyncio.run(digest(Desk(**given), request, self.words)).post
