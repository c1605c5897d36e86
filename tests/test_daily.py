"""One entry after the other of Hugging Face's list: nothing is trusted, nothing invented."""

import json
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch
from core.sources.daily import Daily, read_entries
from core.sources.fetch import FetchError
from tests.emulators.huggingface_api import listed

DAY = date(2025, 7, 15)


def read(*entries: object) -> Batch:
    daily = Daily()
    daily.take(entries)
    return daily.batch(DAY)


def ids(batch: Batch) -> list[int]:
    return [int(paper.id[-5:]) for paper in batch.papers]


def signals(paper: Paper) -> dict[str, int | str]:
    return {signal.name: signal.value for signal in paper.signals}


# Values that are not what they should be


@pytest.mark.parametrize("upvotes", [-1, 10**7, 10**30, True, "92", 92.5, [92], {"n": 92}])
def test_an_odd_number_is_left_out_and_remarked_and_the_paper_kept(upvotes: object) -> None:
    batch = read(listed(7, DAY, upvotes=upvotes))
    assert batch.status == "ok"
    assert "upvotes" not in signals(batch.papers[0])
    (remark,) = batch.remarks
    assert remark.said == Phrase(
        "source.odd_values", source="Hugging Face", field="upvotes", times=1
    )


@pytest.mark.parametrize(
    "name", ["upvotes", "submittedOnDailyAt", "githubRepo", "summary", "authors"]
)
def test_what_is_null_is_left_out_without_a_word(name: str) -> None:
    entry = listed(7, DAY, **{name: None})
    batch = read({key: value for key, value in entry.items() if key != name})
    assert (batch.status, len(batch.papers), batch.remarks) == ("ok", 1, ())


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "github.com/a/b",
        "https://github.com/a b",
        'https://github.com/"><b>',
        "ftp://github.com/a",
        "https://" + "a" * 400,
        7,
        ["https://github.com/a/b"],
    ],
)
def test_only_a_web_address_is_released_code(address: object) -> None:
    batch = read(listed(7, DAY, githubRepo=address))
    assert "code" not in signals(batch.papers[0])
    assert [remark.said.values["field"] for remark in batch.remarks] == ["githubRepo"]


@pytest.mark.parametrize(
    "moment", ["yesterday", "", "0001-01-01T00:00:00+23:00", 1752537600, "2025-13-01"]
)
def test_an_odd_moment_names_no_list(moment: object) -> None:
    batch = read(listed(7, DAY, submittedOnDailyAt=moment))
    assert "listed" not in signals(batch.papers[0])
    assert [remark.said.values["field"] for remark in batch.remarks] == ["submittedOnDailyAt"]


@pytest.mark.parametrize(
    "given", ["", "deeplearn:5", "attention-is-all", "10.1000/182", None, 2507.00007, {}]
)
def test_an_entry_without_an_arxiv_id_is_remarked_by_its_place_and_no_id_is_guessed(
    given: object,
) -> None:
    batch = read(listed(1, DAY), listed(2, DAY), listed(7, DAY, id=given), listed(8, DAY))
    assert (batch.status, ids(batch), batch.note) == ("ok", [1, 2, 8], None)
    (remark,) = batch.remarks
    assert remark.place == "Hugging Face 3"
    assert remark.said == Phrase("source.no_arxiv_id", source="Hugging Face")
    assert (batch.missing, batch.owed) == ((), 3)


@pytest.mark.parametrize("title", [None, "", "  ", 7, "x" * 5000])
def test_an_entry_without_a_title_is_remarked_by_its_id(title: object) -> None:
    broken = listed(7, DAY, title=title)
    batch = read(listed(1, DAY), broken)
    assert (batch.status, ids(batch), batch.missing) == ("ok", [1], ())
    assert [r.place for r in batch.remarks if r.place != "Hugging Face"] == ["arxiv:2507.00007"]


def test_a_broken_entry_of_a_paper_that_is_listed_well_elsewhere_is_no_loss() -> None:
    batch = read(listed(7, DAY, title=None), listed(7, DAY))
    assert (batch.status, ids(batch), batch.missing, batch.remarks) == ("ok", [7], (), ())


def test_a_list_of_broken_entries_alone_is_broken_not_quiet() -> None:
    batch = read(1, None, "paper", [], {}, {"paper": None})
    assert (batch.status, batch.missing, len(batch.remarks)) == ("failed", (), 6)
    assert batch.note == Phrase("source.unreadable_entry", source="Hugging Face")


# Bodies that are no list


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not_list"),
        ("null", "not_list"),
        ('{"papers": []}', "not_list"),
        ('{"error": "Too busy"}', "query_refused"),
        ("[1, 2", "truncated"),
        ("[" * 100_000, "truncated"),
        ("[" + "9" * 5000 + "]", "not_list"),
        ("\xff\xfe", "not_list"),
    ],
)
def test_anything_but_a_whole_list_is_refused(body: str, reason: str) -> None:
    with pytest.raises(FetchError) as caught:
        read_entries(body.encode("latin-1"))
    assert caught.value.reason.key == f"source.{reason}"


# Any input at all

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
KEYS = st.sampled_from(
    "id title summary authors upvotes publishedAt submittedOnDailyAt githubRepo numComments".split()
)
ENTRY = st.fixed_dictionaries(
    {"paper": st.dictionaries(KEYS, ANY_JSON | st.sampled_from(["2507.00001", "2507.00002v3"]))}
)


def check(daily: Daily, spelled: str) -> None:
    batch = daily.batch(DAY)
    assert daily.entries >= batch.held
    assert (batch.status == "quiet") == (daily.entries == 0)
    assert len({paper.id for paper in batch.papers}) == len(batch.papers)
    for paper in batch.papers:
        assert paper.title
        assert paper.arxiv_id is not None
        assert paper.arxiv_id in spelled
        assert paper.title.isprintable()
        for signal in paper.signals:
            assert type(signal.value) is (int if signal.name in {"upvotes", "comments"} else str)
            assert signal.name == "code" or str(signal.value) or signal.value == 0
    json.dumps([paper.title + paper.abstract for paper in batch.papers]).encode()


@given(st.lists(ANY_JSON | ENTRY, max_size=5))
def test_whatever_the_entries_are_nothing_raises_and_nothing_is_invented(
    entries: list[Any],
) -> None:
    daily = Daily()
    daily.take(entries)
    check(daily, repr(entries))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_the_body_is_it_is_a_list_or_refused(body: bytes) -> None:
    with suppress(FetchError):
        assert read_entries(body) == json.loads(body)


@given(st.integers(0, 1), st.data())
def test_a_list_that_is_cut_anywhere_is_never_taken_for_a_shorter_one(
    count: int, data: st.DataObject
) -> None:
    body = json.dumps([listed(number, DAY) for number in range(count + 1)]).encode()
    end = data.draw(st.integers(0, len(body) - 1))
    with pytest.raises(FetchError):
        read_entries(body[:end])
