"""What a model that was silent writes when it is asked again."""

from collections.abc import AsyncIterator

import pytest

from bot.reporting import summariser_of
from bot.settings import Settings
from core.category import Taxonomy
from core.report.llm import LlmWriter
from storage.store import Store
from tests import stores
from tests.emulators.openai_server import KEY, OpenAIServer
from tests.factories import DAY
from tests.model_answers import NOW, Account, writer
from tests.test_reporting import about_what_is_asked, sealed, shelf_of

database_url, store = stores.database_url, stores.store


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer(answer=about_what_is_asked) as running:
        yield running


async def test_what_a_silent_model_left_is_written_when_it_is_wanted_a_while_later(
    store: Store, taxonomy: Taxonomy, server: OpenAIServer
) -> None:
    server.add_fault("drop")
    llm, seconds = writer(server, Account()), [0.0]
    shelf = shelf_of(store, taxonomy, llm)
    shelf.monotonic = lambda: seconds[0]
    edition = await sealed(store, shelf)
    slugs = edition.fullest_first[:1]
    (quoted,) = await shelf.reports(edition, slugs, "ko")
    asked = len(server.requests)
    # Not at every wish: while it is down, people have what there is at once.
    assert await shelf.reports(edition, slugs, "ko") == [quoted]
    assert len(server.requests) == asked
    server.faults.clear()
    seconds[0] = 901.0
    (written,) = await shelf.reports(edition, slugs, "ko")
    assert (quoted.method, written.method) == ("extracted", "llm")
    # It stays, for a program that starts anew as well.
    assert await shelf_of(store, taxonomy, llm).reports(edition, slugs, "ko") == [written]
    await llm.close()


async def test_a_model_that_is_still_silent_leaves_the_report_as_it_was(
    store: Store, taxonomy: Taxonomy, server: OpenAIServer
) -> None:
    server.add_fault("drop")
    llm, seconds = writer(server, Account()), [0.0]
    shelf = shelf_of(store, taxonomy, llm)
    shelf.monotonic = lambda: seconds[0]
    edition = await sealed(store, shelf)
    first = await shelf.reports(edition, edition.fullest_first, "ko")
    seconds[0] = 901.0
    assert await shelf.reports(edition, edition.fullest_first, "ko") == first
    assert await shelf_of(store, taxonomy, llm).store.editions.reports(DAY, "ko") == first
    await llm.close()


async def test_the_time_for_reports_is_the_operator_s(server: OpenAIServer) -> None:
    given = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "OPENAI_TIMEOUT_SECONDS": 300}
    settings = Settings.model_validate({name.lower(): value for name, value in given.items()})
    async with summariser_of(settings, Account(), lambda: NOW) as llm:
        assert isinstance(llm, LlmWriter)
        assert (llm._seconds, llm._server._pace.call) == (300, 200)
