"""Correcting: a post that told of a gap says so when what was missing has come since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bot.publish import Publisher
from core.delivery import Frozen, Issue
from core.edition import Correction, Coverage
from core.ports import SourceCoverage
from core.sources import is_essential
from core.sources.listing import edition_day
from storage.database import StorageError

log = structlog.get_logger(__name__)
# No longer ago is a listing asked for again.
_ASKED_AGAIN = timedelta(days=5)
# Posts corrected in one transaction.
_BATCH = 20


@dataclass(slots=True)
class Corrector:
    """Holds the coverage that sealed editions tell of against what is known by now.

    Restartable: a correction is kept first, and each post in the ledger bears the number of the one
    that it was made with. Papers, ranking and reports of an edition stay as they were sealed.
    """

    publisher: Publisher
    _settled: object = None

    async def correct(self, now: datetime) -> None:
        """Correct the posts of the last days where the truth has changed, once for each change."""
        editions = self.publisher.store.editions
        after = edition_day(now) - _ASKED_AGAIN
        checked = await editions.checked(after)
        if checked != self._settled:
            await self._look(after)
            self._settled = checked = await editions.checked(after)
        for day, number, _ in checked:
            if number:
                await self._correct_posts(day, number, now)
        self.publisher.forget()

    async def _look(self, after: date) -> None:
        """Keep what has become known of the sealed editions since this day."""
        editions = self.publisher.store.editions
        recent = await editions.coverage(after)
        for day, (sealed, kept) in recent.items():
            told = kept or Correction(0, sealed.sources)
            known = await self._known(day, sealed, told)
            if _essence(known) != _essence(told):
                await editions.correct(day, known)
                self.publisher.forget()
                log.info("coverage corrected", day=day.isoformat(), number=known.number)

    async def _known(self, day: date, sealed: Coverage, told: Correction) -> Correction:
        """What is known of the coverage by now, as the correction after the one that was told."""
        shelf = self.publisher.shelf
        now = {source.source: source for source in await shelf.coverage(day)}
        essential = [source.source for source in now.values() if is_essential(source.source)]
        before = {source.source: source for source in told.sources}
        return Correction(
            told.number + 1,
            tuple(
                _newer(source, before[source.source], now.get(source.source))
                for source in sealed.sources
            ),
            await self.publisher.store.papers.late(day, essential),
        )

    async def _correct_posts(self, day: date, number: int, now: datetime) -> None:
        amendments = self.publisher.store.amendments
        after = 0
        while page := await amendments.outdated(day, number, after, _BATCH):
            after = page[-1].parent
            found = [(issue, await self._messages(day, issue, now)) for issue in page]
            items = [(issue, messages) for issue, messages in found if messages is not None]
            await amendments.correct(day, number, items, now)

    async def _messages(self, day: date, issue: Issue, now: datetime) -> Sequence[Frozen] | None:
        """The post as it would be made now; none where it cannot be corrected, None for later."""
        publisher = self.publisher
        subscription = await publisher.store.subscriptions.get(issue.subscription)
        if subscription is None or subscription.paused:
            return ()
        if subscription.target.platform not in publisher.adapters:
            return None
        try:
            edition = await publisher.shelf.sealed(day, now)
            if not await publisher.has_reports(edition, subscription.wish):
                said = "its wish has changed"
            else:
                messages = await publisher.messages(edition, subscription.target, subscription.wish)
                if tuple(message.part for message in messages) == issue.parts:
                    return messages
                said = "it would have other parts"
        except StorageError:
            raise
        except Exception:
            # One that cannot be made anew must not keep the others from the truth.
            log.exception("post not corrected", subscription=issue.subscription)
            return ()
        log.warning("post not corrected", subscription=issue.subscription, error=said)
        return ()


def _newer(
    sealed: SourceCoverage, told: SourceCoverage, now: SourceCoverage | None
) -> SourceCoverage:
    """What is to be told of a source: the same words for the same gap, whatever its cause now."""
    if now is None or not is_essential(now.source) or _gap(now) == _gap(told):
        return told
    return replace(sealed, status=now.status, missing=now.missing, note=now.note)


def _gap(source: SourceCoverage) -> tuple[str, int]:
    return source.status, sum(item.count for item in source.missing)


def _essence(known: Correction) -> object:
    """What makes one truth another than the next."""
    return [(source.source, _gap(source)) for source in known.sources], known.late
