"""The real python-telegram-bot works with the emulator: what it sends is taken, what comes parses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, NetworkError, RetryAfter
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    CommandHandler,
    TypeHandler,
)
from telegram.ext import ContextTypes as Types

from tests.emulators.telegram_flood import Flood
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(flood=None) as running:
        yield running


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
def chat(server: TelegramServer, ann: User) -> Chat:
    return server.world.private(ann)


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    made = Bot(server.token, base_url=server.base_url, base_file_url=server.base_file_url)
    async with made as running:
        yield running


def photo() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (640, 480)).save(stream, "PNG")
    return stream.getvalue()


@asynccontextmanager
async def polling(
    server: TelegramServer, *handlers: BaseHandler[Any, Any, Any]
) -> AsyncIterator[None]:
    """An application with these handlers that polls the server."""
    app = Application.builder().token(server.token).base_url(server.base_url).build()
    app.add_handlers(handlers)
    async with app:
        await app.start()
        assert app.updater
        await app.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        try:
            await server.wait_polling()
            yield
        finally:
            await app.updater.stop()
            await app.stop()


async def start(update: Update, _: Types.DEFAULT_TYPE) -> None:
    assert update.effective_message
    rows = InlineKeyboardMarkup([[InlineKeyboardButton("Vision", callback_data="cv")]])
    await update.effective_message.reply_text("Which?", reply_markup=rows, do_quote=True)


async def chosen(update: Update, _: Types.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("Subscribed")
    await update.callback_query.edit_message_text(f"You chose {update.callback_query.data}")


async def test_an_application_polls_answers_a_command_and_a_button(
    server: TelegramServer, ann: User, chat: Chat
) -> None:
    async with polling(server, CommandHandler("start", start), CallbackQueryHandler(chosen)):
        said = await server.say(chat, ann, "/start cv")
        (message,) = await server.wait_for(lambda: server.messages(chat))
        assert (message.text, message.reply_to) == ("Which?", said.id)
        press = server.press(message, "Vision", ann)
        assert (await press.answered())["text"] == "Subscribed"
        await server.wait_for(lambda: message.edits)
        assert (message.text, message.buttons) == ("You chose cv", [])
    assert server.state.updates.pending == []


async def test_every_kind_of_update_parses(server: TelegramServer, ann: User, chat: Chat) -> None:
    seen: list[Update] = []

    async def see(update: Update, _: Types.DEFAULT_TYPE) -> None:
        seen.append(update)

    group = server.world.group("AI", "group", members=[ann])
    forum = server.world.group("Forum", topics=["Papers"], anonymous=[ann])
    channel = server.world.group("News", "channel", bot="administrator")
    (topic,) = forum.topics
    async with polling(server, TypeHandler(Update, see)):
        server.block(ann)
        await server.say(chat, ann, "/start")
        await server.say(forum, ann, "/digest", topic, anonymous=True)
        await server.say(channel, ann, "post")
        server.promote_bot(forum, ann)
        server.set_member(forum, ann, "left")
        server.close_topic(forum, topic, ann)
        server.remove_bot(group, ann)
        server.add_bot(group, ann)
        server.upgrade(group, ann)
        await server.wait_for(lambda: len(seen) == 13)
    kinds = [next(iter(one.to_dict().keys() - {"update_id"})) for one in seen]
    assert kinds == [
        *("my_chat_member", "my_chat_member", "message", "message", "channel_post"),
        *("my_chat_member", "chat_member", "message", "my_chat_member", "my_chat_member"),
        *("message", "message", "message"),
    ]
    anonymous = seen[3].effective_message
    assert anonymous
    assert anonymous.sender_chat
    assert (anonymous.sender_chat.id, anonymous.message_thread_id) == (forum.id, topic)


async def test_entities_replies_and_previews_go_through(
    server: TelegramServer, bot: Bot, chat: Chat
) -> None:
    text = "😀 논문 arXiv"
    entities = [
        MessageEntity("bold", 2, 2),
        MessageEntity("text_link", 5, 5, url="https://arxiv.org/abs/2507.1"),
    ]
    given = MessageEntity.adjust_message_entities_to_utf_16(text, entities)
    first = await bot.send_message(
        chat.id, text, entities=given, link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    assert [one.to_dict() for one in first.entities] == [one.to_dict() for one in given]
    assert first.parse_entity(given[0]) == "논문"
    second = await bot.send_message(
        chat.id, "x", reply_parameters=ReplyParameters(first.message_id), disable_notification=True
    )
    assert second.reply_to_message == first
    assert [one.silent for one in server.messages(chat)] == [False, True]


async def test_a_photo_goes_up_once_then_by_its_file_id_and_comes_down(
    bot: Bot, chat: Chat
) -> None:
    content = photo()
    sent = await bot.send_photo(chat.id, content, caption="<b>차트</b>", parse_mode="HTML")
    again = await bot.send_photo(chat.id, sent.photo[-1].file_id)
    assert again.photo == sent.photo
    file = await bot.get_file(sent.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == content
    album = await bot.send_media_group(
        chat.id, [InputMediaPhoto(content, caption="a"), InputMediaPhoto(sent.photo[-1].file_id)]
    )
    assert album[0].media_group_id == album[1].media_group_id
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_photo(chat.id, "AgACunknown")


async def test_refusals_become_the_right_exceptions(
    server: TelegramServer, bot: Bot, ann: User, chat: Chat
) -> None:
    group = server.world.group("AI", "group", members=[ann])
    new = server.upgrade(group, ann)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "x")
    assert migrated.value.new_chat_id == new.id
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(chat.id, "x" * 4097)
    server.block(ann)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "x")
    await bot.set_webhook("http://127.0.0.1:1/")
    with pytest.raises(Conflict):
        await bot.get_updates()


async def test_a_flood_becomes_retry_after(
    bot: Bot, server: TelegramServer, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    server.state.flood = Flood(private_burst=1, private_seconds=9.0, clock=lambda: 0.0)
    await bot.send_message(chat.id, "x")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(chat.id, "x")
    assert caught.value.retry_after == timedelta(seconds=9)
    assert server.flooded == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("status:500", "Internal Server Error"),
        ("html", "Bad Gateway"),
        ("drop_after", "Server disconnected"),
    ],
)
async def test_what_breaks_becomes_a_network_error(
    bot: Bot, server: TelegramServer, chat: Chat, fault: str, words: str
) -> None:
    server.add_fault(fault)
    with pytest.raises(NetworkError, match=words):
        await bot.send_message(chat.id, "x")


async def test_what_a_bot_asks_about_chats_parses(
    server: TelegramServer, bot: Bot, ann: User
) -> None:
    forum = server.world.group("AI", forum=True, bot="administrator", admins=[ann])
    topic = await bot.create_forum_topic(forum.id, "Papers")
    await bot.send_message(forum.id, "x", message_thread_id=topic.message_thread_id)
    full = await bot.get_chat(forum.id)
    assert (full.is_forum, full.permissions and full.permissions.can_send_photos) == (True, True)
    admins = await bot.get_chat_administrators(forum.id)
    assert {one.user.id for one in admins} == {ann.id, bot.id}
    own = await bot.get_chat_member(forum.id, bot.id)
    assert own.status == "administrator"
    await bot.set_my_commands([("digest", "오늘의 논문")], language_code="ko")
    assert [one.command for one in await bot.get_my_commands(language_code="ko")] == ["digest"]
    assert (await bot.get_webhook_info()).url == ""
