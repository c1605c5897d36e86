"""An arXiv that lies, stays silent or breaks: good papers are kept, every loss is named."""

import socket

import pytest

from core.i18n import Phrase
from tests.arxiv_runs import DAY, collected, entries, gaps, ids, note, source
from tests.emulators.faults import Fault
from tests.emulators.sources_server import SourcesServer

# A first wait longer than any deadline: what fails is given up at once.
ONCE = 3600.0


# Faults that stay: the good papers are kept, the reason is named


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("status:503,pages=2", "source.http"),
        ("status:404,pages=2", "source.http"),
        ("html,pages=2", "source.not_atom"),
        ("truncated:0,pages=2", "source.truncated"),
        ("cut:0,pages=2", "source.truncated"),
        ("empty_page,pages=2", "source.empty_page"),
        ("error_entry,pages=2", "source.query_refused"),
        ("error_entry:400,pages=2", "source.query_refused"),
        ("drop,pages=2", "source.unreachable"),
        ("stall,pages=2", "source.timeout"),
        ("drip:0.05,pages=2", "source.timeout"),
        ("drip_head:0.05,pages=2", "source.timeout"),
    ],
)
async def test_a_page_that_stays_broken_is_missing_and_the_others_are_kept(
    fault: str, reason: str
) -> None:
    later = 0.5 if reason == "source.timeout" else 20.0
    batch, _ = await collected(entries(10), fault, later=later, backoff=ONCE)
    assert batch.status == "partial"
    assert ids(batch) == [1, 2, 3, 4, 9, 10]
    assert gaps(batch) == [("arXiv 5-8", reason, 4)]
    assert batch.missing[0].reason.values["source"] == "arXiv"
    assert note(batch).key == "source.partial"
    assert (note(batch).values["held"], note(batch).values["owed"]) == (6, 10)
    assert note(batch).values["reason"] == batch.missing[0].reason


async def test_the_last_page_counts_only_the_papers_it_should_have_held() -> None:
    batch, _ = await collected(entries(10), "html,pages=3", backoff=ONCE)
    assert ids(batch) == list(range(1, 9))
    assert gaps(batch) == [("arXiv 9-10", "source.not_atom", 2)]


async def test_a_broken_first_page_does_not_hide_the_next() -> None:
    batch, _ = await collected(entries(10), "html,pages=1", backoff=ONCE)
    assert ids(batch) == [5, 6, 7, 8, 9, 10]
    assert gaps(batch) == [("arXiv 1-4", "source.not_atom", 4)]


async def test_after_two_broken_pages_in_a_row_reading_stops() -> None:
    batch, server = await collected(entries(20), "html,pages=2-3", backoff=ONCE)
    assert ids(batch) == [1, 2, 3, 4]
    assert gaps(batch) == [
        ("arXiv 5-8", "source.not_atom", 4),
        ("arXiv 9-12", "source.not_atom", 4),
        ("arXiv 13-20", "source.not_atom", 8),
    ]
    assert batch.owed == 20
    assert {asked.query["start"] for asked in server.asked} == {"0", "4", "8"}


async def test_broken_pages_apart_do_not_stop_the_reading() -> None:
    batch, _ = await collected(entries(20), "html,pages=2", "status:503,pages=4", backoff=ONCE)
    assert ids(batch) == [1, 2, 3, 4, 9, 10, 11, 12, 17, 18, 19, 20]
    assert gaps(batch) == [
        ("arXiv 5-8", "source.not_atom", 4),
        ("arXiv 13-16", "source.http", 4),
    ]


async def test_an_answer_always_cut_in_its_first_entry_keeps_what_came_before() -> None:
    batch, _ = await collected(entries(3), "truncated", backoff=ONCE)
    assert ids(batch) == [1, 2]
    assert gaps(batch) == [("arXiv 3-3", "source.truncated", 1)]


@pytest.mark.parametrize("fault", ["bad_date:2,pages=2", "ill_formed:2,pages=2"])
async def test_one_unreadable_entry_is_missing_by_its_id(fault: str) -> None:
    batch, _ = await collected(entries(10), fault)
    assert ids(batch) == [1, 2, 3, 4, 5, 7, 8, 9, 10]
    assert gaps(batch) == [("arxiv:2507.00006", "source.unreadable_entry", 1)]


async def test_an_entry_without_an_id_is_missing_by_its_place() -> None:
    batch, _ = await collected(entries(10), "no_id:2,pages=2")
    assert ids(batch) == [1, 2, 3, 4, 5, 7, 8, 9, 10]
    assert gaps(batch) == [("arXiv 6", "source.unreadable_entry", 1)]


async def test_control_characters_in_an_abstract_cost_no_paper() -> None:
    batch, _ = await collected(entries(3, abstract="An\x0babstract.\x00"))
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3])


async def test_a_paper_that_enters_while_we_read_is_missing_not_unnoticed() -> None:
    batch, _ = await collected(entries(10), "shift,nth=2")
    assert ids(batch) == list(range(1, 11))
    assert gaps(batch) == [("arXiv 1-11", "source.shifted", 1)]
    assert batch.owed == 11


async def test_a_paper_that_leaves_while_we_read_hides_none_unnoticed() -> None:
    batch, _ = await collected(entries(10), "unshift,nth=2")
    assert ids(batch) == [1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert gaps(batch) == [("arXiv 1-10", "source.shifted", 1)]


async def test_a_server_that_gives_the_same_page_again_and_again_is_left() -> None:
    batch, server = await collected(entries(400), "same_page")
    assert ids(batch) == [1, 2, 3, 4]
    assert sum(item.count for item in batch.missing) == 396
    assert {item.reason.key for item in batch.missing} == {"source.shifted"}
    assert len(server.asked) == 3


async def test_without_any_total_all_is_read_but_not_called_complete() -> None:
    batch, _ = await collected(entries(10), "no_total", backoff=ONCE)
    assert ids(batch) == list(range(1, 11))
    assert (batch.status, note(batch).key) == ("partial", "source.no_total")


# Nothing came at all


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("status:503", Phrase("source.http", source="arXiv", status=503)),
        (
            "status:429,retry_after=3600",
            Phrase("source.http", source="arXiv", status=429),
        ),
        ("html", Phrase("source.not_atom", source="arXiv")),
        ("truncated:0", Phrase("source.truncated", source="arXiv")),
        ("empty_page", Phrase("source.empty_page", source="arXiv")),
        ("stall", Phrase("source.timeout", source="arXiv")),
        ("drip:0.05", Phrase("source.timeout", source="arXiv")),
        ("drip_head:0.05", Phrase("source.timeout", source="arXiv")),
        (
            "error_entry",
            Phrase("source.query_refused", source="arXiv", detail="incorrect search_query"),
        ),
        (
            "drop",
            Phrase("source.unreachable", source="arXiv", detail=Phrase("source.detail.closed")),
        ),
    ],
)
async def test_an_arxiv_that_gives_nothing_has_failed_and_says_why(
    fault: str, reason: Phrase
) -> None:
    first = 0.5 if reason.key == "source.timeout" else 20.0
    batch, _ = await collected(entries(10), fault, first=first, backoff=ONCE)
    assert (batch.status, batch.papers, note(batch)) == ("failed", (), reason)


async def test_a_closed_port_is_an_unreachable_arxiv() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    batch = await source(f"http://127.0.0.1:{port}/api/query", backoff=ONCE).collect(DAY)
    refused = Phrase("source.detail.refused")
    assert batch.status == "failed"
    assert note(batch) == Phrase("source.unreachable", source="arXiv", detail=refused)


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://no-such-host.invalid/api/query", "name"),
        ("nowhere/api/query", "address"),
        ("http://[::1/api/query", "address"),
        ("gopher://127.0.0.1/api/query", "address"),
    ],
)
async def test_an_address_that_leads_nowhere_is_named_as_that(url: str, detail: str) -> None:
    batch = await source(url, backoff=ONCE).collect(DAY)
    assert note(batch).key == "source.unreachable"
    assert note(batch).values["detail"] == Phrase(f"source.detail.{detail}")


async def test_a_wait_longer_than_the_time_left_ends_the_trying_at_once() -> None:
    _, server = await collected(entries(3), "status:503,retry_after=3600")
    assert len(server.asked) == 1


async def test_a_retry_after_may_be_a_date() -> None:
    fault = Fault("status", "503", retry_after="Fri, 31 Dec 2100 23:59:59 GMT")
    async with SourcesServer(entries(3), faults=[fault]) as server:
        batch = await source(server.arxiv_api_url).collect(DAY)
    assert (batch.status, len(server.asked)) == ("failed", 1)


async def test_a_body_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.sources.fetch._MAX_BYTES", 2**20)
    batch, _ = await collected(entries(10), "endless,pages=2", backoff=ONCE)
    assert ids(batch) == [1, 2, 3, 4, 9, 10]
    assert gaps(batch) == [("arXiv 5-8", "source.too_big", 4)]
