"""Every command of the contract on Telegram, and every button and question of its answers."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.subscription import Target
from tests.contract import SAID, House, house
from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_message import Message
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import adapter_of

_SAYING = ("sendMessage", "sendPhoto", "editMessageText")


@dataclass
class Home:
    """The house, its Telegram, and a group with an administrator."""

    house: House
    server: TelegramServer
    boss: User
    group: Chat

    async def say(self, text: str, *, by: User | None = None) -> Message:
        """The first message of the answer."""
        before = len(self.server.messages(self.group))
        await self.server.say(self.group, by or self.boss, text)
        return (await self.more(before))[0]

    async def more(self, before: int) -> list[Message]:
        """The messages that came behind the first so many, once there is one."""
        return await self.server.wait_for(lambda: self.server.messages(self.group)[before:])

    async def press(
        self, message: Message, button: str, *, by: User | None = None
    ) -> tuple[str, Message]:
        """The word beside the press, and the message that it brought or changed."""
        said = self.said()
        before = len(self.server.messages(self.group))
        answer = await self.server.press(message, button, by or self.boss).answered()
        if text := answer.get("text"):
            assert answer["show_alert"]
            return text, message
        await self.server.wait_for(lambda: self.said() > said)
        new = self.server.messages(self.group)[before:]
        return "", new[0] if new else message

    def said(self) -> int:
        """How many messages were sent or changed, or found to be as they were to be."""
        return sum(
            one.method in _SAYING and (one.status == 200 or "not modified" in one.description)
            for one in self.server.requests
        )


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    monkeypatch.chdir(tmp_path)
    # The flood of a test that presses everything is no chat's; the limits have their own tests.
    monkeypatch.setattr("bot.adapters.telegram_limits._GROUP_ANSWERS", 100_000)
    async with TelegramServer(flood=None) as server:
        boss = server.world.user("Mina", language_code="en")
        group = server.world.group("Papers", admins=[boss])
        adapter = adapter_of(server, rate=10_000.0)
        target = Target("telegram", str(group.id))
        async with house(tmp_path, "telegram", adapter, target) as found:
            await server.wait_polling()
            yield Home(found, server, boss, group)


def labels(message: Message) -> list[str]:
    return [button["text"] for button in message.buttons]


ROWS: Mapping[str, tuple[str, str]] = {
    "digest": ("CV 2025-03-04", "Computer Vision · 17 papers"),
    "categories": ("", "Computer Vision · cv · 17"),
    "help": ("", "/digest"),
    "start": ("cv", "every day at 11:00"),
    "subscribe": (
        "cv,llm time=09:00 timezone=Europe/Paris language=en include='diffusion model' exclude=survey",
        "Papers gets the digest every day at 09:00 (Europe/Paris)",
    ),
    "subscriptions": ("", "Papers gets the digest every day at 11:00 (Asia/Seoul)"),
    "unsubscribe": ("", "It has ended"),
    "paper": ("https://arxiv.org/abs/2501.00011", "A Study of Subject 11"),
    "search": ("subject cv", "of 24 papers"),
    "trends": ("cv 30", "Computer Vision over time"),
    "why": ("cv", "5 of 17 are shown"),
    "post": ("2025-03-03 again", "is on its way"),
    "status": ("", "Newest listing, Tue, 4 March 2025"),
    "forget": ("", "Delete what is stored about this chat?"),
}


def test_the_table_is_the_contract_s(home: Home) -> None:
    assert {command.name for command in home.house.commands.table} == set(ROWS)


@pytest.mark.parametrize("name", ROWS)
async def test_a_row_of_the_contract_is_answered(home: Home, name: str) -> None:
    if name != "subscribe":
        await home.house.subscribed()
    line, said = ROWS[name]
    answer = await home.say(f"/{name}@{home.server.world.bot.username} {line}")
    assert said in answer.text
    assert answer.silent


@pytest.mark.parametrize("line", [*ROWS, "digest cv"])
async def test_every_button_within_two_presses_answers(
    home: Home, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    first = await walked(home, line, ())
    seen: set[str] = set()
    pressed = 0
    for one in first.buttons:
        reached = await walked(home, line, (one,))
        pressed += 1
        for two in reached.buttons:
            if two["callback_data"] not in seen:
                seen.add(two["callback_data"])
                await walked(home, line, (one, two))
                pressed += 1
    # Nothing is left to do where somebody sees how things are, or has just ended them.
    assert (pressed > 0) == (line not in {"status", "unsubscribe"})
    out = capsys.readouterr().out
    assert "no answer" not in out
    assert "not answered" not in out
    assert home.server.dropped_entities == []


async def walked(home: Home, line: str, path: tuple[Json, ...]) -> Message:
    """What the last press of a path brings."""
    await home.house.subscribed()
    if line == "subscribe":
        await home.house.emptied()
    message = await asked(home, await home.say(f"/{line}"))
    for button in path:
        beside, message = await home.press(message, named(message, button))
        message = await asked(home, message)
        assert not beside, (path, beside)
        assert "I cannot answer now" not in message.text, path
    return message


async def asked(home: Home, message: Message) -> Message:
    """The answer to a question that a message asks; the message itself if it asks none."""
    question = re.search(r"/\w+(?: \w+=\S+)* (\w+)=…", message.text)
    if not question:
        return message
    before = len(home.server.messages(home.group))
    await home.server.say(home.group, home.boss, SAID[question[1]], reply_to=message)
    return (await home.more(before))[0]


def named(message: Message, wanted: Json) -> str:
    """The same button on this message, whose subscription may have another number."""
    mark = re.sub(r"number=\d+", "number=", wanted["callback_data"])
    return next(
        str(button["callback_data"])
        for button in message.buttons
        if re.sub(r"number=\d+", "number=", button["callback_data"]) == mark
    )


async def opened(home: Home, label: str) -> Message:
    """The subscription's message with the menu behind this button."""
    await home.house.subscribed()
    _, message = await home.press(await home.say("/subscriptions"), label)
    return message


async def test_a_menu_changes_the_message_it_stands_under(home: Home) -> None:
    message = await opened(home, "Categories")
    count = len(home.server.messages(home.group))
    assert labels(message)[0] == "✓ All categories"
    for label in ("✈️ Computer Vision", "🎠 Reinforcement Learning"):
        _, changed = await home.press(message, label)
        assert changed is message
    assert "Categories: Computer Vision, Reinforcement Learning" in message.text
    assert {"✓ ✈️ Computer Vision", "✓ 🎠 Reinforcement Learning"} < set(labels(message))
    assert labels(message)[0] == "All categories"
    assert [one.wish.categories for one in await home.house.held()] == [("cv", "rl")]
    await home.press(message, "✓ ✈️ Computer Vision")
    await home.press(message, "Done")
    assert labels(message)[:2] == ["Categories", "Time"]
    await home.press(message, "Unsubscribe")
    assert "It has ended" in message.text
    assert await home.house.held() == []
    assert len(home.server.messages(home.group)) == count


async def test_a_choice_made_before_is_no_error(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    message = await opened(home, "Time")
    assert "✓ 11:00" in labels(message)
    assert await home.press(message, "✓ 11:00") == ("", message)
    assert "not answered" not in capsys.readouterr().out


async def test_a_line_of_text_is_asked_for_by_a_message_to_be_answered(home: Home) -> None:
    message = await opened(home, "Filters")
    _, question = await home.press(message, "Words to exclude")
    call = home.server.calls("sendMessage")[-1].params
    assert call["reply_markup"]["force_reply"]
    # The field opens for who is named, and for nobody else.
    assert call["reply_markup"]["selective"]
    assert question.json["entities"][0]["url"] == f"tg://user?id={home.boss.id}"
    assert "/subscriptions number=1 exclude=…" in re.sub(r"number=\d+", "number=1", question.text)
    before = len(home.server.messages(home.group))
    await home.server.say(home.group, home.boss, "survey, “peer review”", reply_to=question)
    (answer,) = await home.more(before)
    assert "Exclude: survey, peer review" in answer.text
    assert labels(answer)[0] == "Categories"
    assert [one.wish.exclude for one in await home.house.held()] == [("survey", "peer review")]


async def test_a_question_outlives_the_program(home: Home) -> None:
    message = await opened(home, "Time")
    _, question = await home.press(message, "Another time")
    adapter = home.house.parts.publisher.adapters["telegram"]
    await adapter.stop()
    again = adapter_of(home.server, rate=10_000.0)
    await again.start(home.house.commands)
    before = len(home.server.messages(home.group))
    await home.server.say(home.group, home.boss, "9:30 pm", reply_to=question)
    (answer,) = await home.more(before)
    assert "at 21:30" in answer.text
    await again.stop()


async def test_what_is_missing_is_asked_for_at_once(home: Home) -> None:
    for line, said, found in (
        ("/search", "subject 11", "1 paper"),
        ("/paper", "2501.00011", "A Study of Subject 11"),
    ):
        question = await home.say(line)
        assert home.server.calls("sendMessage")[-1].params["reply_markup"]["force_reply"]
        before = len(home.server.messages(home.group))
        await home.server.say(home.group, home.boss, said, reply_to=question)
        (answer,) = await home.more(before)
        assert found in answer.text


async def test_only_an_answer_to_a_question_is_one(home: Home) -> None:
    help_ = await home.say("/help")
    before = len(home.server.messages(home.group))
    await home.server.say(home.group, home.boss, "thanks", reply_to=help_)
    digest = await home.say("/digest cv")
    assert home.server.messages(home.group)[before:] == [digest]


async def test_who_may_not_is_told_so_in_an_alert_and_changes_nothing(home: Home) -> None:
    guest = home.server.world.user("Guest", language_code="ko")
    home.server.set_member(home.group, guest, "member")
    message = await opened(home, "Time")
    before, count = message.text, len(home.server.messages(home.group))
    for button in ("09:00", "Time zone", "Done"):
        beside, _ = await home.press(message, button, by=guest)
        assert "관리자만" in beside
        assert len(beside) <= 200
    # Who was asked before to write a line is asked again who they are.
    _, question = await home.press(message, "Another time")
    await home.server.say(home.group, guest, "09:00", reply_to=question)
    refused = (await home.more(count + 1))[0]
    assert "관리자만" in refused.text
    assert message.text == before
    assert [one.wish.at.hour for one in await home.house.held()] == [11]


async def test_a_demoted_administrator_s_next_press_is_refused(home: Home) -> None:
    home.server.promote_bot(home.group, home.boss)
    message = await opened(home, "Time")
    home.server.set_member(home.group, home.boss, "member")
    beside, _ = await home.press(message, "09:00")
    assert "Only administrators" in beside


async def test_a_press_for_what_is_gone_or_old_is_answered_by_an_alert(home: Home) -> None:
    message = await opened(home, "Time")
    await home.house.emptied()
    beside, _ = await home.press(message, "09:00")
    assert "does not exist any more" in beside
    message.json["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = "vanished|x=y"
    beside, _ = await home.press(message, "vanished|x=y")
    assert "earlier version" in beside


async def test_a_message_that_can_be_changed_no_more_is_followed_by_another(home: Home) -> None:
    message = await opened(home, "Time")
    del message.json["text"]
    message.json["photo"] = []
    _, new = await home.press(message, "09:00")
    assert new is not message
    assert "at 09:00" in new.text


async def test_a_new_subscription_brings_a_short_welcome_and_today_s_digest(home: Home) -> None:
    answer = await home.say("/subscribe cv")
    assert "The digest of Tue, 4 March 2025 follows now" in answer.text
    await home.house.sender.drain()
    _, parent, category = home.server.messages(home.group)
    assert (parent.silent, category.silent) == (False, True)
    assert "Computer Vision" in category.text


async def test_the_preview_in_a_group_is_its_contents_with_a_button_for_each_category(
    home: Home,
) -> None:
    await home.house.subscribed()
    before = len(home.server.messages(home.group))
    await home.press(await home.say("/subscriptions"), "Preview")
    _, preview = home.server.messages(home.group)[before:]
    assert "Nothing is sent" in preview.text
    assert labels(preview) == ["✈️ Computer Vision 17", "🥳 LLM 3", "🦾 Robotics 1"]


@pytest.mark.parametrize(
    "line",
    [
        "CV 어제",
        "@{bot} cv 2025-03-03",
        "컴퓨터 비전 2025-03-03",
        "date=2025-03-03 category=“computer vision”",
        "category＝cv\ndate＝2025-03-03",
        "２０２５-03-03 ｃｖ",
        "昨日 コンピュータビジョン",
        "计算机视觉 昨天",
    ],
)
async def test_a_digest_is_asked_for_as_people_type_it(home: Home, line: str) -> None:
    bot = home.server.world.bot.username
    answer = await home.say(
        "/digest" + ("" if line.startswith("@") else " ") + line.format(bot=bot)
    )
    assert "Computer Vision · 7 papers" in answer.text
