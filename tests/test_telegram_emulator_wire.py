"""The emulator's wire: polls, webhooks, buttons, the hand over HTTP, the command line."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from tests.emulators.telegram_client import Api, button, keyboard
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User

ROOT = Path(__file__).resolve().parents[1]
BADGE = "s-1"


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(flood=None) as running:
        yield running


@pytest.fixture
async def api(server: TelegramServer) -> AsyncIterator[Api]:
    async with Api(server.url, server.token) as client:
        yield client


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
def chat(server: TelegramServer, ann: User) -> Chat:
    return server.world.private(ann)


# Polls


async def test_updates_come_until_their_offset_confirms_them(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    for text in ("a", "b", "c"):
        await server.say(chat, ann, text)
    two = (await api("getUpdates", limit=2)).result
    assert [one["message"]["text"] for one in two] == ["a", "b"]
    assert (await api("getUpdates", limit=2)).result == two
    rest = (await api("getUpdates", offset=two[-1]["update_id"] + 1)).result
    assert [one["message"]["text"] for one in rest] == ["c"]
    assert (await api("getUpdates", offset=rest[-1]["update_id"] + 1)).result == []


async def test_a_negative_offset_keeps_the_last_ones(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    for text in ("a", "b", "c"):
        await server.say(chat, ann, text)
    assert [one["message"]["text"] for one in (await api("getUpdates", offset=-1)).result] == ["c"]
    assert len(server.state.updates.pending) == 1


async def test_a_long_poll_ends_when_something_happens(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await server.wait_polling()
    await server.say(chat, ann, "/start 데이")
    (update,) = (await poll).result
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_the_older_of_two_pollers_is_sent_away(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    older = asyncio.create_task(api("getUpdates", timeout=50))
    await server.wait_polling()
    newer = asyncio.create_task(api("getUpdates", timeout=50))
    refused = await older
    assert refused.body["error_code"] == refused.status == 409
    assert refused.body["description"] == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    await server.wait_polling()
    await server.say(chat, ann, "hi")
    assert len((await newer).result) == 1


async def test_only_the_kinds_asked_for_come_and_the_list_is_remembered(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    await api("getUpdates", allowed_updates=["my_chat_member"])
    await server.say(chat, ann, "hi")
    server.block(ann)
    (update,) = (await api("getUpdates")).result
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await api("getUpdates", offset=update["update_id"] + 1, allowed_updates=[])
    await server.say(chat, ann, "hi")
    assert len((await api("getUpdates")).result) == 2


@asynccontextmanager
async def listening(hook: Callable[[web.Request], Awaitable[web.Response]]) -> AsyncIterator[str]:
    """The address of a webhook."""
    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


async def test_a_webhook_takes_the_updates_in_order_each_until_it_is_taken(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    taken: asyncio.Queue[tuple[str | None, str]] = asyncio.Queue()
    failures = [503]

    async def hook(request: web.Request) -> web.Response:
        if failures:
            return web.Response(status=failures.pop())
        badge = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        taken.put_nowait((badge, (await request.json())["message"]["text"]))
        return web.Response()

    async with listening(hook) as url:
        await server.say(chat, ann, "a")
        assert (await api("setWebhook", url=url, secret_token=BADGE)).result is True
        await server.say(chat, ann, "b")
        assert [await taken.get(), await taken.get()] == [(BADGE, "a"), (BADGE, "b")]


async def test_a_public_webhook_may_live_on_loopback(ann: User) -> None:
    taken: asyncio.Queue[str] = asyncio.Queue()

    async def hook(request: web.Request) -> web.Response:
        taken.put_nowait(f"{request.path} {(await request.json())['message']['text']}")
        return web.Response()

    async with (
        listening(hook) as url,
        TelegramServer(webhook_base=url.removesuffix("/hook")) as server,
        Api(server.url, server.token) as api,
    ):
        await api("setWebhook", url="https://bot.example.org/hook")
        await server.say(server.world.private(ann), ann, "hi")
        assert await taken.get() == "/hook hi"


async def test_a_webhook_forbids_polls_until_it_is_deleted(api: Api) -> None:
    url = "https://example.org/hook"
    await api("setWebhook", url=url)
    refused = await api("getUpdates")
    assert refused.status == 409
    assert refused.body["description"] == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert (await api("getWebhookInfo")).result["url"] == url
    assert (await api("deleteWebhook")).result is True
    assert (await api("getUpdates")).status == 200


async def test_a_webhook_needs_an_address_and_a_clean_secret(api: Api) -> None:
    wrong = await api("setWebhook", url="ftp://x")
    assert wrong.words == "bad webhook: An HTTPS URL must be provided for webhook"
    wrong = await api("setWebhook", url="https://x.y", secret_token=f"{BADGE} ")
    assert wrong.words == "secret token contains unallowed characters"


async def test_after_log_out_nothing_works(api: Api) -> None:
    assert (await api("logOut")).result is True
    assert (await api("getMe")).words == "Logged out"


# Buttons


async def test_a_press_is_answered_once_and_in_time(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    late = "query is too old and response timeout expired or query ID is invalid"
    rows = keyboard([button("cv", "Vision")])
    await api("sendMessage", chat_id=chat.id, text="x", reply_markup=rows)
    (message,) = server.messages(chat)
    press = server.press(message, "Vision", ann)
    (update,) = (await api("getUpdates")).result
    query = update["callback_query"]
    assert (query["data"], query["message"]["message_id"]) == ("cv", message.id)
    assert query["chat_instance"]
    params = {"callback_query_id": press.id, "text": "ok"}
    assert (await api("answerCallbackQuery", **params)).result is True
    assert (await press.answered())["text"] == "ok"
    assert (await api("answerCallbackQuery", **params)).words == late
    other = server.press(message, "cv", ann)
    other.expire()
    assert (await api("answerCallbackQuery", callback_query_id=other.id)).words == late
    assert (await api("answerCallbackQuery", callback_query_id="1")).words == late
    long = server.press(message, "cv", ann)
    params = {"callback_query_id": long.id, "text": "x" * 201}
    assert (await api("answerCallbackQuery", **params)).words == "MESSAGE_TOO_LONG"


async def test_a_button_that_is_not_there_cannot_be_pressed(
    server: TelegramServer, api: Api, chat: Chat, ann: User
) -> None:
    rows = keyboard([button("cv", "Vision")])
    await api("sendMessage", chat_id=chat.id, text="x", reply_markup=rows)
    (message,) = server.messages(chat)
    with pytest.raises(LookupError, match=r"no button 'NLP' on message \d+: \['Vision'\]"):
        server.press(message, "NLP", ann)
    await api("deleteMessage", chat_id=chat.id, message_id=message.id)
    with pytest.raises(LookupError):
        server.press(message, "Vision", ann)


# Another process


async def test_the_command_line_serves_a_world_and_its_hand_over_http(tmp_path: Path) -> None:
    world = {
        "users": [{"id": 7, "first_name": "Ann", "language_code": "ko"}],
        "chats": [
            {"type": "private", "user": 7},
            {"type": "supergroup", "title": "AI", "admins": [7], "topics": ["Papers"]},
        ],
    }
    path = tmp_path / "world.json"
    path.write_text(json.dumps(world), "utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.emulators.telegram_server", "--world", str(path)),
        *("--token", "9:X", "--no-flood"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        await _drive(url)
    finally:
        process.terminate()
        await process.communicate()


async def _drive(url: str) -> None:
    async with ClientSession() as session, Api(url, "9:X") as api:

        async def hand(what: str, **body: object) -> tuple[int, Any]:
            async with session.post(f"{url}/_control/{what}", json=body) as response:
                return response.status, await response.json()

        status, said = await hand("say", chat=7, user=7, text="/start")
        assert (status, said["text"]) == (200, "/start")
        assert len((await api("getUpdates")).result) == 1
        rows = keyboard([button("go")])
        await api("sendMessage", chat_id=7, text="hi", reply_markup=rows)
        await hand("wait", chat=7, messages=1)
        async with session.get(f"{url}/_control/state", params={"chat": 7}) as response:
            (message,) = (await response.json())["messages"]
        number = message["message_id"]
        press = asyncio.create_task(
            hand("press", chat=7, message=number, button="Go", user=7, wait=True)
        )
        (update,) = (await api("getUpdates", offset=10_002, timeout=50)).result
        await api("answerCallbackQuery", callback_query_id=update["callback_query"]["id"], text="k")
        assert (await press)[1]["answer"]["text"] == "k"
        assert (await hand("press", chat=7, message=number, button="No", user=7))[0] == 400
        await hand("change", do="block", user=7)
        assert (await api("sendMessage", chat_id=7, text="x")).status == 403
        _, made = await hand("world", chats=[{"type": "group", "title": "Old"}])
        _, new = await hand("change", do="upgrade", chat=made["chats"][0]["id"], user=7)
        assert new["type"] == "supergroup"
        await hand("fault", fault="status:500,method=getMe")
        assert (await api("getMe")).status == 500
        assert (await hand("fault", fault="bang"))[0] == 400
        async with session.delete(f"{url}/_control/fault"):
            assert (await api("getMe")).status == 200
        async with session.get(f"{url}/_control/state") as response:
            state = await response.json()
        assert [one["title"] for one in state["chats"][1:]] == ["AI", "Old", "Old"]
        assert state["requests"][1]["method"] == "sendMessage"
