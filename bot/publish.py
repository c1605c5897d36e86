"""Publishing: from due subscriptions to messages owed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import structlog

from bot.adapters.base import Adapter
from bot.due import next_due
from bot.plan import Plan, due_before, plan
from bot.shelf import Shelf
from core.blocks import Post
from core.delivery import Frozen, Missed, Publication
from core.edition import Correction, Edition
from core.i18n import catalog
from core.personal import for_you, without
from core.post import compose
from core.report.writing import shown_categories
from core.sources.listing import edition_day, listing_before, newest_listing
from core.subscription import Subscription, Target, Wish
from core.week import WEEK, Shown
from storage.database import StorageError
from storage.store import Store

log = structlog.get_logger(__name__)
# Subscriptions served in one transaction: some 20 messages each, well under 200 ms on SQLite.
_BATCH = 20
_FOR_YOU = 5
_FIRST_ANSWER = timedelta(minutes=3)
# What makes a post's messages other messages: the edition and its correction, where, and for whom.
_Key = tuple[date, int, str, bool, Wish]


class _NotReadyError(Exception):
    """The edition is not complete, and there is time to wait for it."""


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

    Restartable: a subscription's deliveries and its next due time are written together.
    """

    store: Store
    shelf: Shelf
    adapters: dict[str, Adapter]
    rules: Rules
    _ready: dict[date, bool] = field(default_factory=dict)
    _corrections: dict[date, Correction | None] = field(default_factory=dict)
    _frozen: dict[_Key, tuple[Frozen, ...]] = field(default_factory=dict)

    async def publish_due(self, now: datetime) -> None:
        """Publish for every subscription that is due, and leave due those that must wait."""
        self._ready.clear()
        left: set[int] = set()
        moved = True
        while moved:
            # Once more from the start while some move on: one may be due several times over.
            moved, last = False, None
            while page := await self.store.subscriptions.due(now, after=last):
                last = page[-1]
                due = [subscription for subscription in page if subscription.id not in left]
                for start in range(0, len(due), _BATCH):
                    group = due[start : start + _BATCH]
                    stay = await self._publish(group, now)
                    moved = moved or len(stay) < len(group)
                    left |= stay
        self.forget()

    def forget(self) -> None:
        """Let go of what was made for several subscriptions together."""
        self._frozen.clear()
        self._corrections.clear()
        self.shelf.forget_week()

    async def _publish(self, group: Sequence[Subscription], now: datetime) -> set[int]:
        """Publish for these in one transaction; the numbers of those that stay due."""
        owed: list[Publication] = []
        stay: set[int] = set()
        waiting: list[int] = []
        for subscription in group:
            try:
                found = await self._publications(subscription, now)
            except _NotReadyError:
                waiting.append(subscription.id)
                found = None
            except StorageError:
                raise
            except Exception:
                # One that cannot be served must not keep the others from their post.
                log.exception("cannot publish", subscription=subscription.id)
                found = None
            if found is None:
                stay.add(subscription.id)
            else:
                owed += found
        await self.store.deliveries.publish(owed, now)
        if waiting:
            await self.store.subscriptions.begin_waiting(waiting, now)
        return stay

    async def _publications(
        self, subscription: Subscription, now: datetime
    ) -> list[Publication] | None:
        """What is owed for one due time; empty where it only moves on, None where it stays due.

        Raises _NotReadyError where it is to wait for its edition.
        """
        if subscription.target.platform not in self.adapters:
            return None
        planned = plan(subscription, now, self.rules.catch_up)
        if planned.too_late:
            await self._miss(planned, now)
            return []
        # What was found due only later, after an outage, is waited for from then on.
        since = subscription.waiting_since or now
        for day in planned.editions:
            if await self._is_ready(day):
                continue
            wait = self.rules.wait
            if not await self.store.papers.coverage(day):
                # Nobody was asked yet: at start the first publishing comes before the first answer.
                wait = max(wait, _FIRST_ANSWER)
            if now < since + wait:
                raise _NotReadyError
        if not planned.editions:
            await self.store.subscriptions.move_on(subscription.id, planned.next_due, now)
            return []
        found = []
        for day in planned.editions:
            # The daily post is an edition's first issue; only `post --again` makes another.
            edition = await self.shelf.sealed(day, now)
            publication = await self._publication(edition, subscription)
            if day == planned.editions[-1]:
                publication = replace(publication, next_due=planned.next_due)
            found.append(publication)
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
        publication = await self._publication(edition, subscription, issue)
        # Another program may have made the same issue meanwhile.
        return issue if await self.store.deliveries.publish([publication], now) else None

    async def welcome(self, subscription: Subscription, now: datetime) -> date | None:
        """Owe a new subscription the newest edition that is ready, and count it as had; its date.

        None where there is none: the first post then comes when it is due. Nothing is waited for,
        and the due times that would bring no other edition are passed over.
        """
        edition = await self._newest_ready(now)
        if edition is None or subscription.target.platform not in self.adapters:
            return None
        # What an earlier due time would have brought is not made up for.
        settled = max(edition.date, edition_day(due_before(subscription)))
        serves, due = None, subscription.next_due
        while edition_day(due) <= settled:
            serves, due = due, next_due(subscription.wish, due)
        post = await self._publication(edition, subscription)
        owed = replace(post, next_due=due, serves=serves, settled=settled)
        return edition.date if await self.store.deliveries.publish([owed], now) else None

    async def _newest_ready(self, now: datetime) -> Edition | None:
        """The newest of the week's listings that has all its papers, and has any."""
        day = newest_listing(now)
        while day > edition_day(now) - WEEK:
            if await self.shelf.ready(day):
                edition = await self.shelf.sealed(day, now)
                if edition.count:
                    return edition
            day = listing_before(day)
        return None

    async def has_reports(self, edition: Edition, wish: Wish) -> bool:
        """Whether every report of this post is kept, so that none need be written."""
        kept = await self.store.editions.reports(edition.date, wish.language)
        return {report.category for report in kept}.issuperset(self._slugs(edition, wish))

    async def _publication(
        self, edition: Edition, subscription: Subscription, issue: int = 1
    ) -> Publication:
        """An edition's post for a subscription, which stays due as it is."""
        correction = await self._correction(edition.date)
        messages = await self.messages(edition, subscription.target, subscription.wish)
        number = correction.number if correction else 0
        return Publication(subscription.id, edition.date, issue, messages, correction=number)

    async def messages(
        self, edition: Edition, target: Target, wish: Wish, *, keep: bool = True
    ) -> tuple[Frozen, ...]:
        """The rendered messages of an edition for a wish, shared by identical wishes."""
        adapter = self.adapters[target.platform]
        private = adapter.is_private(target)
        essence = replace(wish, at=time.min, zone="", weekdays=frozenset())
        correction = await self._correction(edition.date)
        number = correction.number if correction else 0
        key = (edition.date, number, target.platform, private, essence)
        if key not in self._frozen:
            post = await self._composed(edition, correction, wish, keep=keep)
            self._frozen[key] = tuple(adapter.freeze(post, private=private))
        return self._frozen[key]

    async def _composed(
        self, edition: Edition, correction: Correction | None, wish: Wish, *, keep: bool
    ) -> Post:
        """The post of a sealed edition, with the coverage as it is known by now."""
        words = catalog(wish.language)
        slugs = self._slugs(edition, wish)
        reports = await self.shelf.reports(edition, slugs, wish.language, keep=keep)
        shown = [r for r in (without(r, wish.exclude) for r in reports) if r is not None]
        ids = {entry.paper.id for report in shown for entry in report.papers}
        personal = for_you(edition, wish.include, wish.exclude, ids, _FOR_YOU)
        history = await self.shelf.history(edition.date)
        week = await self.shelf.unseen(edition, self._shown(wish))
        told = correction.of(edition) if correction else edition
        return compose(told, shown, self.shelf.taxonomy, words, personal, history, week, hints=True)

    async def _correction(self, day: date) -> Correction | None:
        """Asked once for all that are published together."""
        if day not in self._corrections:
            self._corrections[day] = await self.store.editions.correction(day)
        return self._corrections[day]

    def _slugs(self, edition: Edition, wish: Wish) -> tuple[str, ...]:
        """The categories of a post: the wished ones, else the fullest that may be posted."""
        shown = self._shown(wish)
        return shown_categories(edition, shown.categories, shown.categories_per_post)

    def _shown(self, wish: Wish) -> Shown:
        """What a post for this wish shows."""
        allowed = wish.categories or self.rules.categories
        most = len(wish.categories) or self.rules.categories_per_post
        return Shown(allowed, most, self.shelf.papers_per_category, wish.exclude)

    async def _is_ready(self, day: date) -> bool:
        """Asked once for all that are due together."""
        if day not in self._ready:
            self._ready[day] = await self.shelf.ready(day)
        return self._ready[day]

    async def _miss(self, planned: Plan, now: datetime) -> None:
        """Note every due time that passed too long ago, and move on behind them."""
        subscription = planned.subscription.id
        dues = [planned.due]
        while planned.next_due <= now:
            following = replace(planned.subscription, next_due=planned.next_due)
            later = plan(following, now, self.rules.catch_up)
            if not later.too_late:
                break
            dues.append(later.due)
            planned = later
        hours = self.rules.catch_up.total_seconds() / 3600
        reason = f"not running within {hours:g} hours of the due time"
        missed = [Missed(subscription, due, reason) for due in dues]
        settled = edition_day(dues[-1])
        await self.store.deliveries.record_missed(missed, settled, planned.next_due, now)
        log.warning(
            "posts missed", subscription=subscription, count=len(dues), since=dues[0].isoformat()
        )
