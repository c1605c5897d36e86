"""The Telegram adapter corrects what it sent: the contents lead to their messages, or a new body."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.adapters.base import MovedError, TransientError, UnknowableError
from bot.adapters.telegram import TelegramAdapter
from core.blocks import Items, Text
from core.category import Taxonomy
from core.delivery import Delivery, Frozen
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import adapter_of, deliver, delivery, plain
from tests.telegram_posts import day_post

NAMES = ["컴퓨터 비전", "LLM", "로보틱스"]


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
async def adapter(server: TelegramServer) -> AsyncIterator[TelegramAdapter]:
    made = adapter_of(server)
    await made.start(None)
    yield made
    await made.stop()


@pytest.fixture
def frozen(adapter: TelegramAdapter, taxonomy: Taxonomy) -> Sequence[Frozen]:
    """The day's thread: a parent under its chart and three categories."""
    return adapter.freeze(day_post(taxonomy), private=False)


async def posted(
    adapter: TelegramAdapter, frozen: Sequence[Frozen], chat: Chat, thread: str = ""
) -> tuple[Delivery, dict[str, str]]:
    """The thread in the chat: the sent parent, and the messages by their part."""
    ids = await deliver(adapter, frozen, chat, thread)
    links = {one.part: number for one, number in zip(frozen, ids, strict=True)}
    return delivery(frozen[0], chat, thread=thread, message_id=ids[0]), links


def leads(message: Message) -> dict[str, str]:
    """The words of a message that lead somewhere, with where."""
    raw = message.text.encode("utf-16-le")
    return {
        raw[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"): one["url"]
        for one in message.entities
        if one["type"] == "text_link"
    }


def edits(server: TelegramServer) -> int:
    return len(server.calls("editMessageCaption")) + len(server.calls("editMessageText"))


def said(frozen: Frozen, text: str) -> Frozen:
    """The body with other words before its own."""
    body = json.loads(frozen.body)
    shift = len(text.encode("utf-16-le")) // 2
    entities = [one | {"offset": one["offset"] + shift} for one in body["entities"]]
    shown = body | {"text": text + body["text"], "entities": entities}
    return replace(frozen, body=json.dumps(shown))


async def test_each_name_in_the_contents_leads_to_its_message(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen]
) -> None:
    group = server.world.group("AI")
    parent, links = await posted(adapter, frozen, group)
    first, *replies = server.messages(group)
    before = (first.text, first.photo)
    assert leads(first) == {}
    await adapter.amend(parent, links)
    home = f"https://t.me/c/{-group.id - 10**12}"
    assert leads(first) == {
        name: f"{home}/{one.id}" for name, one in zip(NAMES, replies, strict=True)
    }
    assert (first.text, first.photo) == before
    assert server.dropped_entities == []


async def test_in_a_topic_and_in_public_the_address_says_so(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen]
) -> None:
    forum = server.world.group("AI", topics=["Papers"])
    public = server.world.group("AI", username="ai_papers", topics=["Papers"])
    channel = server.world.group("News", "channel", username="ai_news", bot="administrator")
    for chat, home in (
        (forum, f"https://t.me/c/{-forum.id - 10**12}/{min(forum.topics)}"),
        (public, f"https://t.me/ai_papers/{min(public.topics)}"),
        (channel, "https://t.me/ai_news"),
    ):
        thread = str(min(chat.topics)) if chat.topics else ""
        parent, links = await posted(adapter, frozen, chat, thread)
        await adapter.amend(parent, links)
        first, *replies = server.messages(chat)
        assert leads(first)["LLM"] == f"{home}/{replies[1].id}"


async def test_the_general_topic_has_no_part_in_the_address(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen]
) -> None:
    forum = server.world.group("AI", topics=["Papers"])
    parent, links = await posted(adapter, frozen, forum, "1")
    await adapter.amend(parent, links)
    first, *replies = server.messages(forum)
    assert leads(first)["LLM"] == f"https://t.me/c/{-forum.id - 10**12}/{replies[1].id}"


async def test_contents_too_long_for_the_caption_lead_on_from_where_they_stand(
    server: TelegramServer, adapter: TelegramAdapter, taxonomy: Taxonomy
) -> None:
    post = day_post(taxonomy)
    long = Items(((Text("한 줄 " * 300),),))
    parent = replace(post.parent, blocks=(*post.parent.blocks, long))
    frozen = adapter.freeze(replace(post, parent=parent), private=False)
    assert [one.part for one in frozen][:3] == ["parent", "parent/2", "cv"]
    group = server.world.group("AI")
    ids = await deliver(adapter, frozen, group)
    links = {one.part: number for one, number in zip(frozen, ids, strict=True)}
    for one, number in zip(frozen[:2], ids, strict=False):
        await adapter.amend(delivery(one, group, message_id=number), links)
    first, second, *_ = server.messages(group)
    assert (list(leads(first)), list(leads(second))) == ([], NAMES)
    assert edits(server) == 1


async def test_a_text_keeps_its_buttons_and_shows_no_preview(
    server: TelegramServer, adapter: TelegramAdapter
) -> None:
    group = server.world.group("AI")
    jump = {"type": "jump", "offset": 0, "length": 5, "part": "cv"}
    keyboard = [[{"text": "Help", "data": "help"}]]
    owed = delivery(plain("Hello", entities=[jump], keyboard=keyboard), group)
    number = await adapter.send(owed)
    await adapter.amend(replace(owed, message_id=number), {"cv": "77"})
    (sent,) = server.messages(group)
    assert leads(sent) == {"Hello": f"https://t.me/c/{-group.id - 10**12}/77"}
    assert [one["callback_data"] for one in sent.buttons] == ["help"]
    assert sent.json["link_preview_options"]["is_disabled"]


async def test_where_messages_have_no_address_nothing_is_edited(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen], ann: User
) -> None:
    for chat in (server.world.group("AI", "group"), server.world.private(ann)):
        parent, links = await posted(adapter, frozen[:2], chat)
        await adapter.amend(parent, links)
    assert edits(server) == 0


async def test_what_stands_like_that_already_is_not_edited_again(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen]
) -> None:
    group = server.world.group("AI")
    parent, links = await posted(adapter, frozen, group)
    for _ in range(3):
        await adapter.amend(parent, links)
    assert edits(server) == 1
    again = adapter_of(server)
    await again.start(None)
    await again.amend(parent, links)
    await again.stop()
    assert edits(server) == 2
    assert server.requests[-1].description.startswith("Bad Request: message is not modified")


async def test_a_new_body_takes_the_old_ones_place_and_the_photo_stays(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen]
) -> None:
    for kind in ("group", "supergroup"):
        group = server.world.group("AI", "group" if kind == "group" else "supergroup")
        parent, links = await posted(adapter, frozen, group)
        await adapter.amend(parent, links)
        first = server.messages(group)[0]
        photo = first.photo
        new = said(frozen[0], "고침: ")
        await adapter.amend(replace(parent, body=new.body), links)
        assert first.text.startswith("고침: AI 논문 다이제스트")
        assert set(leads(first)) == (set() if kind == "group" else set(NAMES))
        assert first.photo == photo


async def test_a_message_that_is_gone_or_not_ours_can_never_be_corrected(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen], ann: User
) -> None:
    group = server.world.group("AI", members=[ann])
    parent, links = await posted(adapter, frozen, group)
    other = await server.say(group, ann, "hello")
    server.messages(group)[0].deleted = True
    with pytest.raises(UnknowableError, match="essage to edit not found"):
        await adapter.amend(parent, links)
    with pytest.raises(UnknowableError, match="can't be edited"):
        await adapter.amend(replace(parent, message_id=str(other.id)), links)


async def test_an_edit_is_put_off_where_telegram_or_the_group_has_had_enough(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen]
) -> None:
    group, other = server.world.group("AI"), server.world.group("Two")
    parent, links = await posted(adapter, frozen, group)
    flood = server.add_fault("status:429,method=editMessageCaption,retry_after=9")
    with pytest.raises(TransientError) as caught:
        await adapter.amend(parent, links)
    assert caught.value.retry_after
    assert caught.value.retry_after.total_seconds() == 9
    server.faults.remove(flood)
    parent, links = await posted(adapter, frozen, other)
    for number in range(12):
        new = said(frozen[0], f"{number} ")
        await adapter.amend(replace(parent, body=new.body), links)
    with pytest.raises(TransientError, match="as many messages as it may"):
        await adapter.amend(parent, links)
    assert len(server.messages(other)[0].edits) == 12
    assert server.flooded == 0


@pytest.mark.parametrize("fault", ["status:500", "drop_after"])
async def test_an_edit_without_an_answer_is_made_again(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen], fault: str
) -> None:
    group = server.world.group("AI")
    parent, links = await posted(adapter, frozen, group)
    broken = server.add_fault(f"{fault},method=editMessageCaption")
    with pytest.raises(TransientError, match="no answer"):
        await adapter.amend(parent, links)
    server.faults.remove(broken)
    await adapter.amend(parent, links)
    assert len(server.messages(group)[0].edits) == 1


async def test_a_group_that_became_a_supergroup_gets_the_rest_and_no_others_message_is_touched(
    server: TelegramServer, adapter: TelegramAdapter, frozen: Sequence[Frozen], ann: User
) -> None:
    group = server.world.group("AI", "group", members=[ann])
    ids = await deliver(adapter, frozen[:2], group)
    new = server.upgrade(group, ann)
    with pytest.raises(MovedError) as caught:
        await adapter.send(delivery(frozen[2], group, reply_to=ids[0]))
    assert caught.value.target.chat == str(new.id)
    # Messages are numbered anew there: some may bear the numbers of the group's.
    for _ in range(9):
        await adapter.send(delivery(plain("Other"), new))
    others = [one.text for one in server.messages(new)]
    await adapter.send(delivery(frozen[2], new, reply_to=ids[0]))
    *_, rest = server.messages(new)
    assert (rest.reply_to, rest.silent) == (None, True)
    assert "LLM" in rest.text
    parent = delivery(frozen[0], new, message_id=ids[0])
    with pytest.raises(UnknowableError, match="became a supergroup"):
        await adapter.amend(parent, {"cv": ids[1], "llm": str(rest.id)})
    assert [one.text for one in server.messages(new)][:-1] == others
