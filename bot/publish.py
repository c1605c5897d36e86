"""Publishing: from due subscriptions to messages owed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import structlog

from bot.adapters.base import Adapter
from bot.plan import Plan, plan
from bot.shelf import Shelf
from core.delivery import Frozen, Publication
from core.edition import Edition
from core.i18n import catalog
from core.personal import for_you, without
from core.post import compose
from core.report.writing import shown_categories
from core.subscription import Subscription, Wish
from storage.store import Store

log = structlog.get_logger(__name__)
# What one transaction writes: some 20 messages each, well under 200 ms on SQLite.
_BATCH = 20
_FOR_YOU = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """The operator's settings that publishing follows."""

    wait: timedelta
    catch_up: timedelta
    categories: tuple[str, ...]
    categories_per_post: int


@dataclass(slots=True)
class Publisher:
    """Turns due subscriptions into deliveries, each edition and message made once.

    Restartable: a subscription's deliveries and its next due time are written together. ``started``
    is when the service began: a list it could not fetch before is waited for from then on.
    """

    store: Store
    shelf: Shelf
    adapters: Mapping[str, Adapter]
    rules: Rules
    started: datetime
    _waiting: set[tuple[int, datetime]] = field(default_factory=set)
    _frozen: dict[tuple[date, str, Wish], tuple[Frozen, ...]] = field(default_factory=dict)

    async def publish_due(self, now: datetime) -> int:
        """Publish for every subscription that is due; how many posts were newly owed."""
        posts = 0
        waiting: set[int] = set()
        while due := [s for s in await self.store.subscriptions.due(now) if s.id not in waiting]:
            publications: list[Publication] = []
            for subscription in due:
                key = (subscription.id, subscription.next_due)
                planned = plan(subscription, now, self.rules.catch_up, waiting=key in self._waiting)
                found = await self._publications(planned, now)
                if found is None:
                    waiting.add(subscription.id)
                    self._waiting.add(key)
                else:
                    publications += found
                    posts += sum(bool(item.messages) for item in found)
                if len(publications) >= _BATCH:
                    await self.store.deliveries.publish(publications, now)
                    publications = []
            await self.store.deliveries.publish(publications, now)
        self._frozen.clear()
        self._waiting = {key for key in self._waiting if key[0] in waiting}
        return posts

    async def _publications(self, planned: Plan, now: datetime) -> list[Publication] | None:
        """What the plan owes; empty where it only moves on; None to wait for the edition."""
        subscription = planned.subscription
        if planned.too_late:
            await self._miss(planned, now)
            return []
        patience = max(planned.due, self.started) + self.rules.wait
        for day in planned.editions:
            if not await self.shelf.ready(day) and now < patience:
                return None
        if not planned.editions:
            await self.store.subscriptions.change(
                subscription.id, subscription.wish, planned.next_due
            )
            return []
        found = []
        for day in planned.editions:
            # The daily post is an edition's first issue; only `post --again` makes another.
            messages = await self.messages(
                await self.shelf.sealed(day, now), subscription.target.platform, subscription.wish
            )
            last = day == planned.editions[-1]
            next_due = planned.next_due if last else None
            found.append(Publication(subscription.id, day, 1, messages, next_due))
        return found

    async def publish_now(
        self, day: date, subscription: Subscription, now: datetime, *, again: bool
    ) -> int | None:
        """Owe this edition to a subscription whatever its time; the issue number.

        None if it had the edition already and ``again`` did not ask for another issue.
        """
        issue = await self.store.deliveries.next_issue(day, subscription.id)
        if issue > 1 and not again:
            return None
        edition = await self.shelf.sealed(day, now)
        messages = await self.messages(edition, subscription.target.platform, subscription.wish)
        publication = Publication(subscription.id, day, issue, messages)
        await self.store.deliveries.publish([publication], now)
        return issue

    async def messages(
        self, edition: Edition, platform: str, wish: Wish, *, keep: bool = True
    ) -> tuple[Frozen, ...]:
        """The rendered messages of an edition for a wish, shared by identical wishes."""
        key = (edition.date, platform, replace(wish, at=time.min, zone="", weekdays=frozenset()))
        if key not in self._frozen:
            words = catalog(wish.language)
            slugs = self._slugs(edition, wish)
            reports = await self.shelf.reports(edition, slugs, wish.language, keep=keep)
            shown = [r for r in (without(r, wish.exclude) for r in reports) if r is not None]
            ids = {entry.paper.id for report in shown for entry in report.papers}
            personal = for_you(edition, wish.include, wish.exclude, ids, _FOR_YOU)
            post = compose(edition, shown, self.shelf.taxonomy, words, personal)
            self._frozen[key] = tuple(self.adapters[platform].freeze(post))
        return self._frozen[key]

    def _slugs(self, edition: Edition, wish: Wish) -> tuple[str, ...]:
        """The categories of a post: the wished ones, else the fullest that may be posted."""
        if wish.categories:
            return shown_categories(edition, wish.categories, len(wish.categories))
        return shown_categories(edition, self.rules.categories, self.rules.categories_per_post)

    async def _miss(self, planned: Plan, now: datetime) -> None:
        hours = self.rules.catch_up.total_seconds() / 3600
        reason = f"not running within {hours:g} hours of the due time"
        subscription = planned.subscription.id
        await self.store.deliveries.record_missed(
            subscription, planned.due, reason, planned.next_due, now
        )
        log.warning("post missed", subscription=subscription, due=planned.due.isoformat())
