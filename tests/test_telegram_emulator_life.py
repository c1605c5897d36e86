"""The emulator's chats live as Telegram's do: blocked, kicked, upgraded, closed."""

from collections.abc import AsyncIterator

import pytest

from tests.emulators.telegram_client import Answer, Api, png
from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, ChatType, User


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


async def send(api: Api, chat: Chat | int | str, **params: object) -> Answer:
    number = chat.id if isinstance(chat, Chat) else chat
    return await api("sendMessage", chat_id=number, text="hi", **params)


async def refusal(api: Api, chat: Chat | int | str, **params: object) -> str:
    answer = await send(api, chat, **params)
    assert answer.status == answer.body["error_code"]
    return str(answer.body["description"])


def updates(server: TelegramServer) -> list[Json]:
    return server.state.updates.pending


# Who may be written to


async def test_nobody_and_people_who_never_wrote_cannot_be_reached(
    server: TelegramServer, api: Api, ann: User
) -> None:
    assert await refusal(api, 77) == "Bad Request: chat not found"
    assert await refusal(api, "@nobody") == "Bad Request: chat not found"
    first = "Forbidden: bot can't initiate conversation with a user"
    assert await refusal(api, ann.id) == first
    chat = server.world.private(ann, started=False)
    assert await refusal(api, chat) == first
    await server.say(chat, ann, "/start")
    assert (await send(api, chat)).status == 200


async def test_a_block_is_an_update_and_then_a_403_until_the_person_returns(
    server: TelegramServer, api: Api, ann: User
) -> None:
    chat = server.world.private(ann)
    server.block(ann)
    assert await refusal(api, chat) == "Forbidden: bot was blocked by the user"
    await server.say(chat, ann, "/start")
    assert (await send(api, chat)).status == 200
    stands = [one["my_chat_member"]["new_chat_member"]["status"] for one in updates(server)[:2]]
    assert stands == ["kicked", "member"]
    server.deactivate(ann)
    assert await refusal(api, chat) == "Forbidden: user is deactivated"


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_bot_thrown_out_is_told_so_by_the_kind_of_chat(
    server: TelegramServer, api: Api, ann: User, kind: ChatType
) -> None:
    chat = server.world.group("AI", kind, bot="administrator", admins=[ann])
    server.remove_bot(chat, ann)
    assert await refusal(api, chat) == f"Forbidden: bot was kicked from the {kind} chat"
    server.remove_bot(chat, ann, kicked=False)
    assert await refusal(api, chat) == f"Forbidden: bot is not a member of the {kind} chat"
    server.add_bot(chat, ann)
    server.promote_bot(chat, ann)
    assert (await send(api, chat)).status == 200
    changes = [one["my_chat_member"] for one in updates(server) if "my_chat_member" in one]
    assert [one["new_chat_member"]["status"] for one in changes] == [
        "kicked",
        "left",
        "member",
        "administrator",
    ]
    server.delete_chat(chat)
    assert await refusal(api, chat) == f"Forbidden: the {kind} chat was deleted"


async def test_people_who_cannot_be_written_to_can_be_looked_at(
    server: TelegramServer, api: Api, ann: User
) -> None:
    chat = server.world.private(ann)
    server.block(ann)
    assert (await api("getChat", chat_id=chat.id)).result["first_name"] == "Ann"


async def test_a_bot_that_leaves_is_no_member(server: TelegramServer, api: Api) -> None:
    chat = server.world.group("AI")
    assert (await api("leaveChat", chat_id=chat.id)).result is True
    assert await refusal(api, chat) == "Forbidden: bot is not a member of the supergroup chat"


async def test_a_group_that_grew_names_its_new_id_and_both_get_a_message(
    server: TelegramServer, api: Api, ann: User
) -> None:
    old = server.world.group("AI", "group", members=[ann])
    new = server.upgrade(old, ann)
    answer = await send(api, old)
    assert answer.body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert (await send(api, new)).status == 200
    there, here = (one["message"] for one in updates(server))
    assert (there["chat"]["id"], there["migrate_to_chat_id"]) == (old.id, new.id)
    assert (here["chat"]["id"], here["migrate_from_chat_id"]) == (new.id, old.id)


async def test_rights_decide_what_may_be_sent(server: TelegramServer, api: Api) -> None:
    group = server.world.group("AI", username="ai_papers")
    group.permissions -= {"can_send_photos"}
    photo = await api("sendPhoto", chat_id="@AI_papers", photo=png(10, 10))
    assert photo.words == "not enough rights to send photos to the chat"
    assert (await send(api, group)).status == 200
    group.permissions -= {"can_send_messages"}
    words = "Bad Request: not enough rights to send text messages to the chat"
    assert await refusal(api, group) == words
    channel = server.world.group("News", "channel", bot=["can_edit_messages"])
    words = "Bad Request: need administrator rights in the channel chat"
    assert await refusal(api, channel) == words


async def test_other_peoples_messages_need_rights(
    server: TelegramServer, api: Api, ann: User
) -> None:
    group = server.world.group("AI", members=[ann])
    message = await server.say(group, ann, "hello")
    params = {"chat_id": group.id, "message_id": message.id}
    assert (await api("deleteMessage", **params)).words == "message can't be deleted"
    pinned = await api("pinChatMessage", **params)
    assert pinned.words == "not enough rights to manage pinned messages in the chat"
    server.promote_bot(group, ann, "can_delete_messages", "can_pin_messages")
    assert (await api("pinChatMessage", **params)).result is True
    assert (await api("deleteMessage", **params)).result is True


async def test_a_message_older_than_two_days_stays(ann: User) -> None:
    now = [0.0]
    async with (
        TelegramServer(clock=lambda: now[0]) as server,
        Api(server.url, server.token) as api,
    ):
        chat = server.world.private(ann)
        number = (await send(api, chat)).result["message_id"]
        now[0] = 48 * 3600 + 1
        answer = await api("deleteMessage", chat_id=chat.id, message_id=number)
        assert answer.words == "message can't be deleted for everyone"


# Forums


async def test_a_topic_is_written_to_by_its_id_and_general_by_none(
    server: TelegramServer, api: Api
) -> None:
    forum = server.world.group("AI", topics=["Papers"])
    (topic,) = forum.topics
    sent = (await send(api, forum, message_thread_id=topic)).result
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (topic, True)
    general = (await send(api, forum)).result
    assert "message_thread_id" not in general
    for wrong in (1, 999):
        words = await refusal(api, forum, message_thread_id=wrong)
        assert words == "Bad Request: message thread not found"
    assert [one.id for one in server.messages(forum, thread=topic)] == [sent["message_id"]]
    reply = {"message_id": sent["message_id"]}
    answer = (await send(api, forum, reply_parameters=reply)).result
    assert answer["message_thread_id"] == topic
    outside = await send(
        api, forum, message_thread_id=topic, reply_parameters={"message_id": general["message_id"]}
    )
    assert outside.result["external_reply"]["message_id"] == general["message_id"]


async def test_a_closed_topic_takes_nothing_but_from_those_who_manage_it(
    server: TelegramServer, api: Api, ann: User
) -> None:
    forum = server.world.group("AI", topics=["Papers"], admins=[ann])
    (topic,) = forum.topics
    server.close_topic(forum, topic, ann)
    assert updates(server)[-1]["message"]["forum_topic_closed"] == {}
    words = await refusal(api, forum, message_thread_id=topic)
    assert words == "Bad Request: TOPIC_CLOSED"
    server.promote_bot(forum, ann)
    assert (await send(api, forum, message_thread_id=topic)).status == 200
    server.delete_topic(forum, topic)
    words = await refusal(api, forum, message_thread_id=topic)
    assert words == "Bad Request: message thread not found"


async def test_a_bot_makes_closes_and_deletes_topics(server: TelegramServer, api: Api) -> None:
    forum = server.world.group("AI", forum=True, bot="administrator")
    made = (await api("createForumTopic", chat_id=forum.id, name="📚 Papers")).result
    where = {"chat_id": forum.id, "message_thread_id": made["message_thread_id"]}
    assert (await api("closeForumTopic", **where)).result is True
    assert (await api("closeForumTopic", **where)).words == "TOPIC_NOT_MODIFIED"
    assert (await api("reopenForumTopic", **where)).result is True
    assert (await api("deleteForumTopic", **where)).result is True
    assert (await api("reopenForumTopic", **where)).words == "TOPIC_ID_INVALID"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"name": " "}, "TOPIC_TITLE_EMPTY"),
        ({"name": "x" * 129}, "topic name is too long"),
        ({"name": "x", "icon_color": 1}, "invalid topic icon color specified"),
    ],
)
async def test_a_topic_has_a_name_and_a_known_colour(
    server: TelegramServer, api: Api, params: Json, words: str
) -> None:
    forum = server.world.group("AI", forum=True, bot="administrator")
    assert (await api("createForumTopic", chat_id=forum.id, **params)).words == words


async def test_only_forums_have_topics_and_only_some_may_make_them(
    server: TelegramServer, api: Api
) -> None:
    plain = server.world.group("AI")
    answer = await api("createForumTopic", chat_id=plain.id, name="x")
    assert answer.words == "the chat is not a forum"
    forum = server.world.group("AI", forum=True)
    forum.permissions -= {"can_manage_topics"}
    answer = await api("createForumTopic", chat_id=forum.id, name="x")
    assert answer.words == "not enough rights to create a topic"


# Members and privacy


async def test_members_are_shown_with_their_rights(
    server: TelegramServer, api: Api, ann: User
) -> None:
    bob = server.world.user("Bob")
    group = server.world.group("AI", admins=[ann], members=[bob])
    assert (await api("getChatMember", chat_id=group.id, user_id=bob.id)).result[
        "status"
    ] == "member"
    admins = (await api("getChatAdministrators", chat_id=group.id)).result
    assert [one["user"]["id"] for one in admins] == [ann.id]
    assert admins[0]["can_pin_messages"] is True
    channel = server.world.group("News", "channel", members=[bob])
    hidden = await api("getChatMember", chat_id=channel.id, user_id=bob.id)
    assert hidden.words == "member list is inaccessible"


async def test_in_a_group_privacy_hides_what_is_not_meant_for_the_bot(
    server: TelegramServer, api: Api, ann: User
) -> None:
    group = server.world.group("AI", members=[ann])
    mine = server.world.chats[group.id].messages[(await send(api, group)).result["message_id"]]
    for text in ("hello", "/digest@other_bot", "/digest cv", "/digest@paperround_test_bot"):
        await server.say(group, ann, text)
    await server.say(group, ann, "thanks", reply_to=mine)
    heard = [one["message"]["text"] for one in updates(server)]
    assert heard == ["/digest cv", "/digest@paperround_test_bot", "thanks"]


async def test_an_anonymous_administrator_speaks_as_the_group(
    server: TelegramServer, ann: User
) -> None:
    group = server.world.group("AI", anonymous=[ann])
    await server.say(group, ann, "/digest", anonymous=True)
    message = updates(server)[0]["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"]["id"] == group.id
