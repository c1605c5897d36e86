import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from core.classify import Verdict
from core.i18n import Phrase
from core.paper import Paper, Signal
from core.ports import Missing, Remark, SourceCoverage, Status
from core.ranking import Entry
from core.report import Claim, Method, Report
from core.subscription import Wish
from storage import codec, rows
from storage.schema import UTCDateTime

T = TypeVar("T")

texts = st.text(max_size=12)
names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True).filter(lambda name: name != "self")
simple = texts | st.integers() | st.dates()
phrases = st.recursive(
    st.builds(lambda key, values: Phrase(key, **values), names, st.dictionaries(names, simple)),
    lambda inner: st.builds(
        lambda key, values: Phrase(key, **values), names, st.dictionaries(names, simple | inner)
    ),
    max_leaves=4,
).filter(lambda phrase: "key" not in phrase.values)
moments = st.datetimes(timezones=st.just(UTC))
papers = st.builds(
    Paper,
    id=texts,
    title=texts,
    abstract=texts,
    authors=st.lists(texts, max_size=3).map(tuple),
    categories=st.lists(texts, max_size=3).map(tuple),
    published=st.none() | moments,
    signals=st.lists(st.builds(Signal, texts, texts, texts | st.integers()), max_size=2).map(tuple),
)
verdicts = st.builds(Verdict, texts, st.floats(0, 1), phrases)
entries = st.builds(
    Entry, papers, verdicts, st.floats(allow_nan=False), st.lists(phrases, max_size=2).map(tuple)
)
claims = st.lists(
    st.builds(Claim, texts, st.lists(st.integers(1, 9), max_size=3).map(tuple)), max_size=2
).map(tuple)


def through_json(data: T) -> T:
    """What a column gives back."""
    back: T = json.loads(json.dumps(data, ensure_ascii=False))
    return back


@settings(max_examples=50)
@given(phrases)
def test_a_phrase_comes_back_with_its_texts_numbers_dates_and_inner_phrases(phrase: Phrase) -> None:
    back = codec.phrase_from_json(through_json(codec.phrase_to_json(phrase)))
    assert back == phrase
    assert [type(value) for value in back.values.values()] == [
        type(value) for value in phrase.values.values()
    ]


@settings(max_examples=25)
@given(
    st.builds(
        SourceCoverage,
        source=texts,
        status=st.sampled_from(Status.__args__),  # type: ignore[attr-defined]
        owed=st.integers(0),
        held=st.integers(0),
        missing=st.lists(st.builds(Missing, texts, phrases, st.integers(1)), max_size=2).map(tuple),
        remarks=st.lists(st.builds(Remark, texts, phrases), max_size=2).map(tuple),
        note=st.none() | phrases,
        checked_at=st.none() | moments,
    )
)
def test_a_source_s_coverage_comes_back(coverage: SourceCoverage) -> None:
    assert codec.coverage_from_json(through_json(codec.coverage_to_json(coverage))) == coverage


@given(
    st.builds(
        Wish,
        language=texts,
        at=st.times(),
        zone=texts,
        categories=st.lists(texts, max_size=3).map(tuple),
        include=st.lists(texts, max_size=3).map(tuple),
        exclude=st.lists(texts, max_size=3).map(tuple),
        weekdays=st.frozensets(st.integers(0, 6)),
    )
)
def test_a_wish_comes_back(wish: Wish) -> None:
    assert codec.wish_from_json(through_json(codec.wish_to_json(wish))) == wish


@settings(max_examples=25)
@given(
    st.builds(
        Report,
        category=texts,
        language=texts,
        method=st.sampled_from(Method.__args__),  # type: ignore[attr-defined]
        papers=st.lists(entries, max_size=2).map(tuple),
        themes=claims,
        keywords=st.lists(texts, max_size=2).map(tuple),
        findings=claims,
        impact=claims,
        outlook=claims,
        model=texts,
    )
)
def test_a_report_comes_back_with_its_papers_put_in_again(report: Report) -> None:
    data = through_json(codec.report_to_json(report))
    assert data["papers"] == [entry.paper.id for entry in report.papers]
    back = codec.report_from_json(report.category, report.language, data, report.papers)
    assert back == report


@settings(max_examples=25)
@given(entries)
def test_an_entry_comes_back_with_its_paper(entry: Entry) -> None:
    published = entry.paper.published
    row: Any = through_json(rows.entry_columns(entry)) | through_json(
        rows.paper_columns(replace(entry.paper, published=None))
    )
    assert rows.entry_of(row | {"published": published}) == entry


def bound(moment: datetime) -> object:
    processor: Callable[[Any], object] | None = UTCDateTime().bind_processor(sqlite.dialect())
    assert processor is not None
    return processor(moment)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        bound(datetime(2025, 7, 15))  # noqa: DTZ001 - naive is the point


def test_the_same_moment_is_stored_the_same_whatever_its_zone() -> None:
    seoul = datetime(2025, 7, 15, 11, tzinfo=timezone(timedelta(hours=9)))
    assert bound(seoul) == bound(datetime(2025, 7, 15, 2, tzinfo=UTC))


@given(phrases)
def test_the_reason_of_a_pause_comes_back_and_is_never_empty(phrase: Phrase) -> None:
    assert codec.pause_to_text(phrase)
    assert codec.pause_from_text(codec.pause_to_text(phrase)) == phrase


@pytest.mark.parametrize("words", ["The bot was blocked.", '{"no": "phrase"}', "[1]", "404"])
def test_a_pause_of_before_there_were_phrases_reads_as_its_words(words: str) -> None:
    assert codec.pause_from_text(words) == Phrase("pause.told", reason=words)


def test_what_is_not_paused_has_no_reason() -> None:
    assert codec.pause_from_text("") is None


def test_a_date_among_a_phrase_s_values_is_no_moment() -> None:
    back = codec.phrase_from_json(codec.phrase_to_json(Phrase("k", day=date(2025, 7, 15))))
    assert back.values == {"day": date(2025, 7, 15)}
