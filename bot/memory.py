"""What the database remembers, for an edition that is made on the command line."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.history import History, last_listings
from core.paper import Paper
from storage.errors import StorageError

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of the days before one: counts by category, titles, and which papers they had."""

    history: History = field(default_factory=History)
    titles: Sequence[str] = ()
    store: "Store | None" = None

    async def had_before(self, papers: Sequence[Paper], day: date) -> Collection[str]:
        """The ids of those papers that belong to an edition before this day."""
        if self.store is None:
            return ()
        belongs = await self.store.papers.edition_of([paper.id for paper in papers])
        return {paper_id for paper_id, edition in belongs.items() if edition < day}


@asynccontextmanager
async def remembered(url: str, day: date, tell: Callable[[str], object]) -> AsyncIterator[Memory]:
    """What the database at this URL knows; nothing where there is none, or ``tell`` is told why not.

    Raises StorageError where it breaks only later.
    """
    if not _may_be_there(url):
        yield Memory()
        return
    # Only who has a database pays for loading its library.
    from storage.database import existing_store  # noqa: PLC0415

    async with AsyncExitStack() as opened:
        memory = Memory()
        try:
            store = await opened.enter_async_context(existing_store(url))
            if store is not None:
                before = last_listings(day)[:-1]
                counts = await store.editions.counts(before)
                memory = Memory(History(counts), await store.papers.titles(before), store)
        except StorageError as error:
            tell(str(error))
        yield memory


def _may_be_there(url: str) -> bool:
    path = url.partition(":///")[2].partition("?")[0]
    return not url.startswith("sqlite") or path.startswith("file:") or Path(path).exists()
