"""The bundled day as it would be sent, and what the program itself answers about it."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

from bot.adapters.base import Adapter, Commands, Request
from bot.answers.desk import Desk
from bot.collect import Collector
from bot.commands import CommandTable
from bot.publish import Publisher, Rules
from bot.settings import Settings
from bot.shelf import Shelf
from core.blocks import Post
from core.category import default_taxonomy
from core.classify.default import DefaultClassifier
from core.delivery import Delivery, Frozen
from core.history import History, last_listings
from core.i18n import Catalog, catalog
from core.ports import Batch
from core.post import compose
from core.report.writing import shown_categories
from core.sample import sample_edition
from core.subscription import Target
from core.week import Shown
from storage.database import open_store
from storage.store import Store

P = ParamSpec("P")
T = TypeVar("T")

_TAXONOMY = default_taxonomy()
_PAPERS = 5
_NOW = datetime(2024, 11, 10, 3, 0, tzinfo=UTC)
_SATURDAY = date(2024, 11, 16)
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


class _Shelf(Shelf):
    """The shelf with made-up days before the sample's."""

    async def history(self, day: date) -> History:
        before = last_listings(day)[:-1]
        return History(
            {
                one: {slug: numbers[at] for slug, numbers in _BEFORE.items()}
                for at, one in enumerate(before)
            }
        )


@dataclass
class _Chat:
    """A platform that is only asked, never sent to."""

    platform: str
    at_once: int = 1

    async def start(self, commands: Commands | None) -> None:
        """Nothing to connect."""

    async def stop(self) -> None:
        """Nothing to end."""

    def is_private(self, target: Target) -> bool:
        return not target.chat.startswith("#")

    async def missing_permissions(self, target: Target, language: str) -> Sequence[str]:
        del target, language
        return ()

    def freeze(self, post: Post, *, private: bool) -> Sequence[Frozen]:
        del private
        return [Frozen(message.part, "{}") for message in post.messages]

    async def send(self, delivery: Delivery) -> str:
        raise AssertionError(delivery)

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        raise AssertionError(delivery, links)

    async def tell(self, person: str, post: Post) -> None:
        raise AssertionError(person, post)

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:
        raise AssertionError(delivery, known)


@dataclass(frozen=True, slots=True)
class Day:
    """The sample in one language: its post, a quiet day's, and whatever is asked about it."""

    words: Catalog
    post: Post
    quiet: Post
    commands: CommandTable

    def title(self, slug: str) -> str:
        """The title of a category's message."""
        return next(reply.title for reply in self.post.replies if reply.part == slug)

    async def ask(
        self, command: str, platform: str, *, chat: str = "#papers", **given: str
    ) -> Post:
        """What the program answers to somebody who manages the chat."""
        request = Request(
            command,
            Target(platform, chat),
            "1",
            given,
            language=self.words.language,
            private=not chat.startswith("#"),
            manager=True,
            place=chat if chat.startswith("#") else "",
        )
        return (await self.commands.answer(request)).post


@asynccontextmanager
async def a_day(language: str) -> AsyncIterator[Day]:
    """The day, in a database of its own that is gone afterwards."""
    with TemporaryDirectory() as folder:
        async with open_store(f"sqlite+aiosqlite:///{Path(folder) / 'day.db'}") as store:
            await _fill(store)
            shelf = _shelf(store)
            settings = Settings(digest_language=language)
            rules = Rules(timedelta(hours=1), timedelta(hours=12), (), settings.categories_per_post)
            adapters: dict[str, Adapter] = {name: _Chat(name) for name in ("discord", "telegram")}
            publisher = Publisher(store, shelf, adapters, rules)
            desk = Desk(store, shelf, Collector(store, []), publisher, settings, lambda: _NOW)
            words = catalog(language)
            yield Day(
                words, await _post(shelf, words), await _quiet(shelf, words), CommandTable(desk)
            )


async def _fill(store: Store) -> None:
    edition = sample_edition(_TAXONOMY)
    papers = tuple(entry.paper for shelf in edition.categories.values() for entry in shelf)
    await store.papers.take_in(edition.date, Batch("arXiv", "ok", papers), edition.date, _NOW)
    await store.editions.seal(edition, _NOW)


def _shelf(store: Store) -> Shelf:
    async def compute(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return work(*args, **kwargs)

    classifier = DefaultClassifier(_TAXONOMY)
    return _Shelf(store, classifier, _TAXONOMY, compute, _PAPERS, ("arXiv",), "Asia/Seoul")


async def _post(shelf: Shelf, words: Catalog) -> Post:
    edition = await shelf.sealed(sample_edition(_TAXONOMY).date, _NOW)
    slugs = shown_categories(edition, (), len(_BEFORE))
    reports = await shelf.reports(edition, slugs, words.language)
    history = await shelf.history(edition.date)
    return compose(edition, reports, _TAXONOMY, words, history=history, hints=True)


async def _quiet(shelf: Shelf, words: Catalog) -> Post:
    """The post of the Saturday after, as if the thread had shown one paper of each category."""
    edition = await shelf.sealed(_SATURDAY, _NOW)
    unseen = await shelf.unseen(edition, Shown((), len(_BEFORE), 1))
    return compose(edition, (), _TAXONOMY, words, unseen=unseen, hints=True)
