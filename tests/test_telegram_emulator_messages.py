"""Keyboards, photos, replies, edits and commands are refused and stored as Telegram does."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from PIL import Image

from tests.emulators.telegram_client import Api, button, keyboard, png
from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_images import Upload
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User


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


def jpeg(width: int, height: int) -> Upload:
    stream = BytesIO()
    Image.new("RGB", (width, height)).save(stream, "JPEG")
    return Upload("chart.jpg", stream.getvalue())


# Keyboards


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        (keyboard([button("x" * 64)]), ""),
        (keyboard([button("x" * 65)]), "BUTTON_DATA_INVALID"),
        (keyboard([button("가" * 22)]), "BUTTON_DATA_INVALID"),
        (keyboard([button("")]), "BUTTON_DATA_INVALID"),
        (keyboard([button("x")] * 9), "REPLY_MARKUP_TOO_LONG"),
        (keyboard(*[[button("x")] * 5] * 20), ""),
        (keyboard(*[[button("x")] * 5] * 20, [button("x")]), "REPLY_MARKUP_TOO_LONG"),
        (
            keyboard([{"text": "Go"}]),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            keyboard([{"text": " ", "callback_data": "x"}]),
            "can't parse inline keyboard button: Text buttons must be non-empty",
        ),
        (
            keyboard([{"text": "Go", "url": "nowhere"}]),
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_a_keyboard_keeps_its_limits(api: Api, chat: Chat, markup: Json, words: str) -> None:
    answer = await api("sendMessage", chat_id=chat.id, text="x", reply_markup=markup)
    assert answer.words == words


# Photos


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (png(1, 20), ""),
        (jpeg(40, 30), ""),
        (png(9000, 1000), ""),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(1, 21), "PHOTO_INVALID_DIMENSIONS"),
        (jpeg(210, 10), "PHOTO_INVALID_DIMENSIONS"),
        (Upload("x.png", b"GIF89a"), "IMAGE_PROCESS_FAILED"),
        (Upload("x.png", b""), "file must be non-empty"),
        (
            Upload("x.png", png(10, 10).content + bytes(10 * 2**20)),
            "file of size 10485793 bytes is too big for a photo; the maximum size is 10485760 bytes",
        ),
        ("AgACunknown", "wrong file identifier/HTTP URL specified"),
        ("https://a.b/c.png", "failed to get HTTP URL content"),
    ],
)
async def test_a_photo_is_a_picture_within_the_limits(
    api: Api, chat: Chat, photo: Upload | str, words: str
) -> None:
    assert (await api("sendPhoto", chat_id=chat.id, photo=photo)).words == words


async def test_a_photo_once_uploaded_is_sent_by_its_file_id_and_downloaded(
    server: TelegramServer, api: Api, chat: Chat
) -> None:
    upload = jpeg(400, 300)
    sizes = (await api("sendPhoto", chat_id=chat.id, photo=upload)).result["photo"]
    assert [(one["width"], one["height"]) for one in sizes] == [(90, 68), (320, 240), (400, 300)]
    again = await api("sendPhoto", chat_id=chat.id, photo=sizes[0]["file_id"])
    assert again.result["photo"] == sizes
    assert server.files[sizes[-1]["file_id"]].content == upload.content
    second = await api("sendPhoto", chat_id=chat.id, photo=upload)
    assert second.result["photo"][-1]["file_id"] != sizes[-1]["file_id"]
    assert server.world.uploads == 2


async def test_a_file_nobody_uploaded_cannot_be_had(api: Api) -> None:
    assert (await api("getFile", file_id="x")).words == "invalid file_id"


async def test_an_album_has_2_to_10_photos_and_one_group_id(api: Api, chat: Chat) -> None:
    media: list[Json] = [{"type": "photo", "media": "attach://a", "caption": "x"}]
    media.append({"type": "photo", "media": "attach://b"})
    params = {"chat_id": chat.id, "a": png(10, 10), "b": png(10, 20)}
    sent = (await api("sendMediaGroup", **params, media=media)).result
    assert [one["photo"][-1]["height"] for one in sent] == [10, 20]
    assert len({one["media_group_id"] for one in sent}) == 1
    one = await api("sendMediaGroup", chat_id=chat.id, a=png(1, 1), media=media[:1])
    assert one.words == "must include 2-10 items"
    lost = await api("sendMediaGroup", chat_id=chat.id, a=png(1, 1), media=media)
    assert lost.words == "wrong file identifier/HTTP URL specified"


# Replies and edits


async def test_a_reply_needs_its_message_unless_it_may_go_without(api: Api, chat: Chat) -> None:
    params = {"chat_id": chat.id, "text": "x"}
    lost = await api("sendMessage", **params, reply_parameters={"message_id": 99})
    assert lost.words == "message to be replied not found"
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    first = (await api("sendMessage", **params, reply_parameters=lenient)).result
    assert "reply_to_message" not in first
    answer = {"message_id": first["message_id"]}
    second = (await api("sendMessage", **params, reply_parameters=answer)).result
    assert second["reply_to_message"]["message_id"] == first["message_id"]


async def test_in_another_chat_or_a_topic_a_reply_always_needs_its_message(
    server: TelegramServer, api: Api, chat: Chat
) -> None:
    forum = server.world.group("AI", topics=["Papers"])
    lenient = {"message_id": 99, "allow_sending_without_reply": True}
    elsewhere = lenient | {"chat_id": forum.id}
    there = await api("sendMessage", chat_id=chat.id, text="x", reply_parameters=elsewhere)
    assert there.words == "message to be replied not found"
    (topic,) = forum.topics
    params = {"chat_id": forum.id, "text": "x", "message_thread_id": topic}
    assert (await api("sendMessage", **params, reply_parameters=lenient)).status == 400


async def sent(server: TelegramServer, api: Api, chat: Chat, **params: object) -> Message:
    answer = await api("sendMessage", chat_id=chat.id, text="old", **params)
    return server.world.chats[chat.id].messages[answer.result["message_id"]]


async def test_an_edit_must_change_something(server: TelegramServer, api: Api, chat: Chat) -> None:
    message = await sent(server, api, chat, reply_markup=keyboard([button("x")]))
    params = {"chat_id": chat.id, "message_id": message.id}
    rows = keyboard([button("x")])
    same = await api("editMessageText", **params, text="old", reply_markup=rows)
    assert same.words == (
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )
    assert (await api("editMessageText", **params, text="new")).result["text"] == "new"
    assert (message.text, message.buttons, len(message.edits)) == ("new", [], 1)
    marked = await api("editMessageReplyMarkup", **params, reply_markup=rows)
    assert marked.result["reply_markup"] == rows
    assert (await api("editMessageReplyMarkup", **params, reply_markup=rows)).status == 400


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        (
            "editMessageText",
            {"message_id": 3, "text": "x"},
            "there is no text in the message to edit",
        ),
        ("editMessageCaption", {"message_id": 2}, "there is no caption in the message to edit"),
        ("editMessageText", {"message_id": 2, "text": "x" * 4097}, "message is too long"),
        (
            "editMessageCaption",
            {"message_id": 3, "caption": "x" * 1025},
            "message caption is too long",
        ),
        ("editMessageCaption", {"message_id": 3, "caption": "new"}, ""),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("pinChatMessage", {"message_id": 99}, "message to pin not found"),
        ("pinChatMessage", {"message_id": 2}, ""),
        ("unpinChatMessage", {}, "message to unpin not found"),
        ("sendChatAction", {"action": "sleeping"}, "wrong parameter action in request"),
        ("sendChatAction", {"action": "typing"}, ""),
        ("leaveChat", {}, "chat not found"),
        ("getChatAdministrators", {}, "there are no administrators in the private chat"),
        ("getChatMember", {"user_id": 5}, "invalid user_id specified"),
    ],
)
async def test_what_cannot_be_done_to_a_message_says_why(
    server: TelegramServer, api: Api, chat: Chat, ann: User, method: str, params: Json, words: str
) -> None:
    await server.say(chat, ann, "hello")
    await sent(server, api, chat)
    await api("sendPhoto", chat_id=chat.id, photo=png(10, 10), caption="old")
    answer = await api(method, chat_id=chat.id, **params)
    assert answer.words == words


async def test_a_deleted_message_is_gone(server: TelegramServer, api: Api, chat: Chat) -> None:
    message = await sent(server, api, chat)
    params = {"chat_id": chat.id, "message_id": message.id}
    assert (await api("deleteMessage", **params)).result is True
    assert server.messages(chat) == []
    assert (await api("editMessageText", **params, text="x")).words == "message to edit not found"


async def test_silence_and_link_previews_are_recorded(
    server: TelegramServer, api: Api, chat: Chat
) -> None:
    options = {"is_disabled": True}
    message = await sent(server, api, chat, disable_notification=True, link_preview_options=options)
    assert message.silent
    assert message.json["link_preview_options"] == options


# Commands and descriptions


@pytest.mark.parametrize(
    ("command", "description", "words"),
    [
        ("digest", "x" * 256, ""),
        ("Digest", "x", "BOT_COMMAND_INVALID"),
        ("다이제스트", "x", "BOT_COMMAND_INVALID"),
        ("d" * 33, "x", "BOT_COMMAND_INVALID"),
        ("digest", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("digest", " ", "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_a_command_has_a_plain_name_and_a_description(
    api: Api, command: str, description: str, words: str
) -> None:
    commands = [{"command": command, "description": description}]
    assert (await api("setMyCommands", commands=commands)).words == words


async def test_commands_are_kept_by_scope_and_language(api: Api) -> None:
    one = [{"command": "digest", "description": "a"}]
    private = {"type": "all_private_chats"}
    await api("setMyCommands", commands=one, scope=private, language_code="ko")
    assert (await api("getMyCommands", scope=private, language_code="ko")).result == one
    assert (await api("getMyCommands", scope=private)).result == []
    await api("deleteMyCommands", scope=private, language_code="ko")
    assert (await api("getMyCommands", scope=private, language_code="ko")).result == []
    assert (await api("setMyCommands", commands=one * 101)).words == "BOT_COMMANDS_TOO_MUCH"
    wrong = await api("setMyCommands", commands=one, language_code="kor")
    assert wrong.words == "invalid language code specified"


async def test_descriptions_have_their_limits_and_languages(api: Api) -> None:
    assert (await api("setMyDescription", description="x" * 513)).status == 400
    assert (await api("setMyShortDescription", short_description="x" * 121)).status == 400
    await api("setMyDescription", description="general")
    await api("setMyDescription", description="한국어", language_code="ko")
    for language, expected in (("ko", "한국어"), ("en", "general")):
        got = await api("getMyDescription", language_code=language)
        assert got.result == {"description": expected}
