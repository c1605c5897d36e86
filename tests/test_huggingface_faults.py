"""A Hugging Face that breaks: it is named, and nothing is lost once it recovers."""

import asyncio
import socket

import pytest

from core.sources.huggingface import HuggingFaceSource
from tests.emulators.huggingface_api import Raw, listed
from tests.emulators.sources_server import SourcesServer
from tests.huggingface_runs import (
    DAY,
    ONCE,
    collected,
    ids,
    papers,
    said,
    source,
)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("status:404", "source.http"),
        ("status:503", "source.http"),
        ("status:301", "source.http"),
        ("status:429,retry_after=3600", "source.http"),
        ("html", "source.not_list"),
        ("truncated", "source.truncated"),
        ("cut", "source.truncated"),
        ("drop", "source.unreachable"),
        ("stall", "source.timeout"),
        ("drip:0.05", "source.timeout"),
        ("drip_head:0.05", "source.timeout"),
        ("endless", "source.too_big"),
    ],
)
async def test_a_source_that_breaks_is_named_and_nothing_is_lost_when_it_recovers(
    fault: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.sources.fetch._MAX_BYTES", 2**20)
    async with SourcesServer(faults=[f"{fault},on=huggingface"]) as server:
        server.daily = {DAY: papers(4)}
        asked = source(
            server.huggingface_url,
            backoff=ONCE,
            seconds=0.5 if reason.endswith("timeout") else 20.0,
        )
        broken = await asked.collect(DAY)
        server.faults = []
        if "retry_after" in fault:
            # Before that time it is not asked.
            asked = source(server.huggingface_url)
        well = await asked.collect(DAY, held=[paper.id for paper in broken.papers])
    assert (broken.status, broken.papers, said(broken).key) == ("failed", (), reason)
    assert (well.status, ids(well), well.missing) == ("ok", [1, 2, 3, 4], ())


@pytest.mark.parametrize(
    "fault",
    ["status:429,retry_after=0", "status:503", "status:500", "html", "truncated", "cut", "drop"],
)
async def test_what_passes_soon_is_asked_for_again_at_once(fault: str) -> None:
    batch, server = await collected({DAY: papers(4)}, f"{fault},first=2,on=huggingface")
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3, 4])
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", ["status:404", "status:503", "html"])
async def test_a_later_page_that_breaks_leaves_the_rest_named_and_comes_after_recovery(
    fault: str,
) -> None:
    async with SourcesServer(faults=[f"{fault},pages=2,on=huggingface"]) as server:
        server.daily = {DAY: papers(6)}
        asked = source(server.huggingface_url, page_size=4, backoff=ONCE)
        broken = await asked.collect(DAY)
        server.faults = []
        well = await asked.collect(DAY)
    assert (broken.status, ids(broken)) == ("partial", [1, 2, 3, 4])
    assert [item.id for item in broken.missing] == ["Hugging Face 5-"]
    assert (said(broken).key, said(broken).values["held"]) == ("source.rest", 4)
    assert (well.status, ids(well)) == ("ok", [1, 2, 3, 4, 5, 6])


async def test_a_site_that_asks_to_wait_is_not_asked_again_before() -> None:
    async with SourcesServer(faults=["status:429,retry_after=3600,on=huggingface"]) as server:
        server.daily = {DAY: papers(2)}
        asked = source(server.huggingface_url)
        first = await asked.collect(DAY)
        server.faults = []
        again = await asked.collect(DAY)
    assert (again.status, said(again)) == ("failed", said(first))
    assert len(server.asked) == 1


async def test_a_closed_port_is_an_unreachable_source() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    batch = await source(f"http://127.0.0.1:{port}/", backoff=ONCE).collect(DAY)
    assert (batch.status, said(batch).key) == ("failed", "source.unreachable")


async def test_a_page_that_hangs_leaves_time_to_ask_again() -> None:
    async with SourcesServer(faults=["stall,nth=1,on=huggingface"]) as server:
        server.daily = {DAY: papers(2)}
        asked = HuggingFaceSource(
            server.huggingface_url,
            delay_seconds=0,
            seconds=20,
            request_seconds=0.3,
            backoff_seconds=0,
        )
        batch = await asked.collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", [1, 2])


async def test_a_cancelled_collect_ends_and_the_next_one_works() -> None:
    async with SourcesServer(faults=["stall,nth=1,on=huggingface"]) as server:
        server.daily = {DAY: papers(2)}
        asked = source(server.huggingface_url, seconds=3600)
        task = asyncio.create_task(asked.collect(DAY))
        await server.wait_for(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        batch = await asked.collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", [1, 2])


async def test_a_list_that_is_no_json_in_one_place_is_broken() -> None:
    batch, _ = await collected({DAY: [listed(1, DAY), Raw("{'paper': 1}")]}, backoff=ONCE)
    assert (batch.status, said(batch).key) == ("failed", "source.not_list")
