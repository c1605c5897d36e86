"""The emulator refuses what Telegram refuses, in Telegram's words."""

from collections.abc import AsyncIterator

import pytest

from tests.emulators.telegram_client import Api, button, keyboard, png
from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_spec import Spec, default_spec
from tests.emulators.telegram_world import Chat

needs_spec = pytest.mark.skipif(
    not default_spec().loaded,
    reason="the Bot API specification of ../shared/specs is not beside the project",
)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(flood=None) as running:
        yield running


@pytest.fixture
async def api(server: TelegramServer) -> AsyncIterator[Api]:
    async with Api(server.url, server.token) as client:
        yield client


@pytest.fixture
def chat(server: TelegramServer) -> Chat:
    return server.world.private(server.world.user("Ann"))


def bold(offset: int, length: int) -> Json:
    return {"type": "bold", "offset": offset, "length": length}


# Who calls, and how


async def test_a_wrong_token_is_unauthorized_and_a_malformed_one_not_found(
    server: TelegramServer,
) -> None:
    for token, status, words in (("1:X", 401, "Unauthorized"), ("X", 404, "Not Found")):
        async with Api(server.url, token) as other:
            answer = await other("getMe")
        assert answer.status == status
        assert answer.body == {"ok": False, "error_code": status, "description": words}


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    assert (await api("sendPaper")).body["description"] == "Not Found: method not found"


@needs_spec
async def test_a_method_that_only_telegram_has_says_that_it_is_missing_here(api: Api) -> None:
    answer = await api("sendPoll")
    assert (answer.status, answer.body["description"]) == (501, "Not Implemented: no sendPoll here")


async def test_form_json_and_address_mean_the_same(api: Api, chat: Chat) -> None:
    answers = [
        await api("sendMessage", chat_id=chat.id, text="hi", disable_notification=True),
        await api.json("SendMessage", {"chat_id": chat.id, "text": "hi", "parse_mode": None}),
        await api.get("sendmessage", chat_id=str(chat.id), text="hi"),
    ]
    assert [one.result["text"] for one in answers] == ["hi"] * 3
    assert [one.result["message_id"] for one in answers] == [1, 2, 3]


@needs_spec
@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("sendPhoto", {"chat_id": 1}, "there is no photo in the request"),
        (
            "sendMessage",
            {"chat_id": 1, "txt": "x"},
            "sendMessage has no parameter txt in the Bot API",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "message_thread_id": "two"},
            "parameter message_thread_id must be an integer, not 'two'",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "disable_notification": "yes"},
            "parameter disable_notification must be true or false, not 'yes'",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": "{"},
            "object expected as reply markup",
        ),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "entities": [{"type": "bold"}]},
            "can't parse entities JSON object: entities/0: 'offset' is a required property",
        ),
        (
            "setMyCommands",
            {"commands": [], "scope": {"type": "everyone"}},
            "wrong parameter: scope: {'type': 'everyone'} is not valid",
        ),
        (
            "sendMessage",
            {
                "chat_id": 1,
                "text": "x",
                "reply_markup": {"force_reply": True, "input_field_placeholder": "x" * 65},
            },
            "object expected as reply markup",
        ),
        (
            "closeForumTopic",
            {"chat_id": 1},
            "parameter message_thread_id of closeForumTopic is required",
        ),
    ],
)
async def test_parameters_are_checked_by_the_specification(
    api: Api, method: str, params: Json, words: str
) -> None:
    answer = await api(method, **params)
    assert answer.status == 400
    assert answer.words.startswith(words)


async def test_without_the_specification_the_rules_by_hand_remain() -> None:
    async with TelegramServer(spec=Spec(None)) as server, Api(server.url, server.token) as api:
        chat = server.world.private(server.world.user("Ann"))
        bare = {"chat_id": chat.id, "text": "<b>x</b>", "parse_mode": "HTML"}
        rows = keyboard([button("d" * 65)])
        assert (await api("sendMessage", **bare, reply_markup=rows)).words == "BUTTON_DATA_INVALID"
        assert (await api("sendMessage", chat_id=chat.id)).words == "message text is empty"
        assert (await api("sendMessage", **bare)).result["entities"] == [bold(0, 1)]


# Texts and entities


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("😀" * 4096, ""),
        ("😀" * 4097, "message is too long"),
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
    ],
)
async def test_a_text_has_1_to_4096_code_points(
    api: Api, chat: Chat, text: str, words: str
) -> None:
    assert (await api("sendMessage", chat_id=chat.id, text=text)).words == words


async def test_the_limit_counts_what_is_left_after_parsing(api: Api, chat: Chat) -> None:
    params = {"chat_id": chat.id, "parse_mode": "HTML"}
    assert (await api("sendMessage", **params, text=f"<b>{'&lt;' * 4096}</b>")).status == 200
    answer = await api("sendMessage", **params, text=f"<b>{'&lt;' * 4097}</b>")
    assert answer.words == "message is too long"


async def test_a_caption_has_up_to_1024_code_points(api: Api, chat: Chat) -> None:
    params = {"chat_id": chat.id, "photo": png(10, 10)}
    assert (await api("sendPhoto", **params, caption="😀" * 1024)).status == 200
    answer = await api("sendPhoto", **params, caption="😀" * 1025)
    assert answer.words == "message caption is too long"


@pytest.mark.parametrize(
    ("entities", "words"),
    [
        ([bold(0, 6)], "lies outside the text of 5 UTF-16 units"),
        ([bold(-1, 2)], "lies outside the text of 5 UTF-16 units"),
        ([bold(0, 0)], "lies outside the text of 5 UTF-16 units"),
        ([bold(1, 1)], "splits a surrogate pair"),
        ([bold(0, 1)], "splits a surrogate pair"),
        ([bold(0, 3), bold(2, 2)], "partly overlaps entity"),
        ([{"type": "code", "offset": 0, "length": 3}, bold(2, 1)], "which can hold no other"),
        ([{"type": "blink", "offset": 2, "length": 1}], 'unsupported entity type "blink"'),
        ([{"type": "text_link", "offset": 2, "length": 1}], "Wrong HTTP URL"),
        ([{"type": "text_link", "offset": 2, "length": 1, "url": "no where"}], "Wrong HTTP URL"),
        ([{"type": "text_mention", "offset": 2, "length": 1}], "no user is mentioned"),
        ([{"type": "custom_emoji", "offset": 2, "length": 1}], "invalid custom emoji identifier"),
        (
            [{"type": "blockquote", "offset": 0, "length": n} for n in (5, 4)],
            "is a quotation inside",
        ),
    ],
)
async def test_an_entity_that_telegram_would_mend_is_refused(
    api: Api, chat: Chat, entities: list[Json], words: str
) -> None:
    answer = await api("sendMessage", chat_id=chat.id, text="😀abc", entities=entities)
    assert answer.status == 400
    assert words in answer.words


async def test_nested_and_neighbouring_entities_are_kept(api: Api, chat: Chat) -> None:
    entities = [bold(0, 5), {"type": "italic", "offset": 2, "length": 3}, bold(5, 1)]
    answer = await api("sendMessage", chat_id=chat.id, text="😀abcd", entities=entities)
    assert answer.result["entities"] == entities


async def test_the_101st_entity_is_dropped_and_recorded(
    server: TelegramServer, api: Api, chat: Chat
) -> None:
    entities = [bold(2 * place, 1) for place in range(101)]
    answer = await api("sendMessage", chat_id=chat.id, text="x " * 102, entities=entities)
    assert answer.result["entities"] == entities[:100]
    assert server.dropped_entities == entities[100:]


async def test_entities_of_more_than_about_9500_bytes_are_refused(api: Api, chat: Chat) -> None:
    link = f'<a href="https://arxiv.org/{"x" * 180}">x</a> '
    params = {"chat_id": chat.id, "parse_mode": "HTML"}
    assert (await api("sendMessage", **params, text=link * 40)).status == 200
    assert (await api("sendMessage", **params, text=link * 50)).words == "ENTITIES_TOO_LONG"


async def test_only_html_is_parsed(api: Api, chat: Chat) -> None:
    params = {"chat_id": chat.id, "text": "*x*"}
    assert (
        await api("sendMessage", **params, parse_mode="BBCode")
    ).words == "unsupported parse_mode"
    assert (await api("sendMessage", **params, parse_mode="MarkdownV2")).status == 501


async def test_wrong_html_names_its_place(api: Api, chat: Chat) -> None:
    answer = await api("sendMessage", chat_id=chat.id, text="요<h1>", parse_mode="HTML")
    assert answer.words == 'can\'t parse entities: Unsupported start tag "h1" at byte offset 3'
