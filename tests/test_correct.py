"""Posts that told of a gap, when what was missing comes, or does not."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.correct import Corrector
from core.i18n import Phrase, catalog, languages
from core.ports import Batch, Missing
from core.subscription import Subscription, Target, Wish
from tests.factories import make_paper
from tests.service import Service, World, service

TUESDAY = date(2025, 3, 4)
# Noon in Seoul: the listing has been out for two hours, and lacks a paper for three more.
NOON = datetime(2025, 3, 4, 3, tzinfo=UTC)
POSTED = NOON + timedelta(hours=1)
COME = NOON + timedelta(hours=3, minutes=1)
WISH = Wish("en", time(12), "Asia/Seoul")
AWAITED = "What is missing comes in the next post once it is received."
LATE = "1 paper came later. It is in the post of Wed, 5 March 2025."


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Service]:
    async with service(World(NOON, broken=TUESDAY), tmp_path / "paperround.db") as running:
        yield running


async def subscribe(parts: Service, chat: str = "a", **wish: object) -> Subscription:
    wished = replace(WISH, **wish)  # type: ignore[arg-type]
    return await parts.store.subscriptions.add(Target("fake", chat), wished, NOON, "", NOON)


async def at(parts: Service, moment: datetime) -> None:
    """What the service does at this moment."""
    parts.world.now = moment
    for _ in range(3):
        await parts.beat()
        parts.world.now += timedelta(minutes=1)


async def posted(parts: Service) -> None:
    """The post has come, with the gap named."""
    await at(parts, NOON)
    await at(parts, POSTED)
    assert parts.chat.sent
    parts.chat.amended.clear()


def bodies(parts: Service) -> list[str]:
    return [delivery.body for delivery, _ in parts.chat.amended]


async def take_in(parts: Service, *numbers: int, missing: int = 0, cause: int = 503) -> None:
    """What arXiv gives now of Tuesday's listing."""
    gap = Missing("arXiv 9", Phrase("source.http", source="arXiv", status=cause), missing)
    papers = tuple(make_paper(number) for number in numbers)
    batch = Batch("arXiv", "ok", papers)
    if missing:
        batch = Batch("arXiv", "partial", papers, (gap,), note=gap.reason)
    await parts.store.papers.take_in(TUESDAY, batch, TUESDAY, parts.world.now)


async def correct(parts: Service) -> None:
    await Corrector(parts.publisher).correct(parts.world.now)
    await parts.sender.drain()


async def test_once_what_was_missing_has_come_the_parent_says_where_it_is(parts: Service) -> None:
    await subscribe(parts)
    await posted(parts)
    (_, parent), *_ = parts.chat.sent
    assert "1 paper not received" in parent.body
    assert "503" in parent.body
    assert AWAITED in parent.body
    await at(parts, COME)
    (amended,) = bodies(parts)
    assert LATE in amended
    assert "none missed" in amended
    assert "503" not in amended
    assert AWAITED not in amended
    assert amended.startswith("AI paper digest · Tue, 4 March 2025 2 new papers")
    (delivery, links), *_ = parts.chat.amended
    assert links.keys() == {"cv"}
    assert delivery.message_id == "1"


async def test_the_next_post_brings_what_came_late(parts: Service) -> None:
    await subscribe(parts)
    await posted(parts)
    await at(parts, COME)
    edition = await parts.store.editions.sealed(TUESDAY)
    assert edition
    assert edition.count == 2
    await at(parts, NOON + timedelta(days=1))
    following = await parts.store.editions.sealed(TUESDAY + timedelta(days=1))
    assert following
    assert following.count == 4


async def test_the_same_truth_is_told_once(parts: Service) -> None:
    await subscribe(parts)
    await posted(parts)
    await at(parts, COME)
    for hours in range(1, 60, 7):
        await at(parts, COME + timedelta(hours=hours))
    assert [body for body in bodies(parts) if LATE in body] == bodies(parts)[:1]


async def test_while_the_same_is_missing_nothing_happens_whatever_the_cause(
    parts: Service,
) -> None:
    await subscribe(parts)
    await posted(parts)
    numbers = list(parts.world.numbers(TUESDAY))
    await take_in(parts, *numbers[:2], missing=1, cause=429)
    await correct(parts)
    assert bodies(parts) == []
    assert await parts.store.editions.correction(TUESDAY) is None


async def test_what_is_still_missing_is_told_beside_what_has_come(parts: Service) -> None:
    await subscribe(parts)
    await at(parts, NOON)
    first_two = list(parts.world.numbers(TUESDAY))[:2]
    await take_in(parts, *first_two, missing=40)
    await at(parts, POSTED)
    parts.chat.amended.clear()
    await take_in(parts, *first_two, *range(1, 31), missing=10, cause=429)
    await correct(parts)
    (first,) = bodies(parts)
    assert "30 papers came later. They are in the post of Wed, 5 March 2025." in first
    assert "10 papers not received" in first
    assert "429" in first
    assert AWAITED in first
    await take_in(parts, *first_two, *range(1, 41))
    await correct(parts)
    second = bodies(parts)[-1]
    assert "40 papers came later." in second
    assert "none missed" in second


async def test_a_post_that_missed_nothing_is_corrected_when_it_turns_out_to_have(
    tmp_path: Path,
) -> None:
    async with service(World(NOON), tmp_path / "paperround.db") as parts:
        await subscribe(parts)
        await at(parts, NOON)
        parts.chat.amended.clear()
        await take_in(parts, *parts.world.numbers(TUESDAY), 7, 8)
        await correct(parts)
        assert "2 papers came later." in bodies(parts)[0]


async def test_every_chat_gets_its_correction_in_its_language_and_each_one_edit(
    parts: Service,
) -> None:
    said = {}
    for language in sorted(languages()):
        await subscribe(parts, language, language=language)
        day = TUESDAY + timedelta(days=1)
        said[language] = catalog(language).say("post.late", count=1, day=day)
    await subscribe(parts, "@person")
    await posted(parts)
    await at(parts, COME)
    amended = {d.target.chat: d.body for d, _ in parts.chat.amended}
    assert len(parts.chat.amended) == len(amended) == len(said) + 1
    assert all(line in amended[language] for language, line in said.items())
    assert LATE in amended["@person"]


async def test_who_gets_the_post_after_the_correction_is_told_the_truth_at_once(
    parts: Service,
) -> None:
    await subscribe(parts)
    await posted(parts)
    await at(parts, COME)
    parts.chat.sent.clear()
    late = await subscribe(parts, "b")
    assert await parts.publisher.welcome(late, parts.world.now) == TUESDAY
    await at(parts, COME + timedelta(minutes=30))
    parent = parts.chat.sent[0][1]
    assert LATE in parent.body
    assert [d.target.chat for d, _ in parts.chat.amended if d.body != parent.body] == []


async def test_what_was_made_while_the_truth_changed_is_corrected_later(parts: Service) -> None:
    await subscribe(parts)
    await posted(parts)
    other = await subscribe(parts, "b")
    edition = await parts.publisher.shelf.sealed(TUESDAY, POSTED)
    before = await parts.publisher._publication(edition, other)
    parts.publisher.forget()
    await at(parts, COME)
    await parts.store.deliveries.publish([before], parts.world.now)
    await at(parts, COME + timedelta(minutes=5))
    parents = [d.body for _, d in parts.chat.sent if d.part == "parent"]
    assert LATE in parents[-1] or LATE in bodies(parts)[-1]
    kept = await parts.store.deliveries.recent(100, Target("fake", "b"))
    assert [LATE in d.body for d in kept if d.part == "parent"] == [True]


async def test_killed_between_the_correction_and_its_posts_it_goes_on(
    parts: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await subscribe(parts)
    await subscribe(parts, "b", language="ko")
    await posted(parts)
    parts.world.now = COME
    async for _ in parts.collector.collect_if_needed(COME):
        pass

    async def killed(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(type(parts.store.amendments), "correct", killed)
        with pytest.raises(ConnectionError):
            await correct(parts)
    assert bodies(parts) == []
    await correct(parts)
    await correct(parts)
    assert len(bodies(parts)) == 2


@pytest.mark.parametrize("change", ["wish", "paused", "removed"])
async def test_a_post_that_cannot_be_made_anew_stays_and_holds_up_no_other(
    parts: Service, change: str
) -> None:
    odd = await subscribe(parts, "odd")
    await subscribe(parts, "even", language="ko")
    await posted(parts)
    if change == "wish":
        narrow = replace(WISH, categories=("llm",), language="ja")
        await parts.store.subscriptions.change(odd.id, narrow, odd.next_due + timedelta(days=1))
    elif change == "paused":
        await parts.store.subscriptions.pause(odd.id, Phrase("pause.told", reason="gone"))
    else:
        await parts.store.subscriptions.remove(odd.id)
    await at(parts, COME)
    assert [d.target.chat for d, _ in parts.chat.amended] == ["even"]
    assert await parts.store.amendments.outdated(TUESDAY, 1, 0, 10) == []


async def test_a_chat_whose_platform_has_no_token_now_is_corrected_when_it_has(
    parts: Service,
) -> None:
    await subscribe(parts)
    await posted(parts)
    adapters, parts.publisher.adapters = parts.publisher.adapters, {}
    await at(parts, COME)
    assert bodies(parts) == []
    parts.publisher.adapters = adapters
    await at(parts, COME + timedelta(minutes=5))
    assert len(bodies(parts)) == 1


async def test_a_day_that_seemed_quiet_says_what_came_after_all(tmp_path: Path) -> None:
    async with service(World(NOON, holiday=TUESDAY), tmp_path / "paperround.db") as parts:
        await subscribe(parts)
        await at(parts, NOON)
        await at(parts, POSTED)
        assert parts.chat.amended == []
        await take_in(parts, *range(1, 9))
        await correct(parts)
        (amended,) = bodies(parts)
        assert "8 papers came later." in amended
        assert "no papers" not in amended.lower()


async def test_what_lies_further_back_is_left_as_it_is(parts: Service) -> None:
    await subscribe(parts)
    await posted(parts)
    parts.world.now = COME + timedelta(days=6)
    await take_in(parts, *parts.world.numbers(TUESDAY))
    await correct(parts)
    assert bodies(parts) == []


async def test_a_recommender_that_breaks_or_comes_late_corrects_nothing(parts: Service) -> None:
    await subscribe(parts)
    await posted(parts)
    papers: Sequence[int] = (71, 72)
    batch = Batch("Hugging Face", "ok", tuple(make_paper(n) for n in papers))
    await parts.store.papers.take_in(TUESDAY, batch, TUESDAY, parts.world.now)
    await correct(parts)
    assert bodies(parts) == []
