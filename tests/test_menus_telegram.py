"""Menus, questions and alerts on Telegram: they change the message they stand under, or say why not."""

import re

import pytest

from tests.contract_telegram import Home, home, labels
from tests.emulators.telegram_message import Message
from tests.telegram_fakes import adapter_of

__all__ = ["home"]


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


async def test_an_unknown_category_brings_the_three_nearest_to_press(home: Home) -> None:
    answer = await home.say("/digest computer vision xyz 2025-03-03")
    assert "There is no category" in answer.text
    assert len(labels(answer)) == 3
    _, digest = await home.press(answer, "✈️ Computer Vision")
    assert "Computer Vision · 7 papers" in digest.text
    assert answer.edits == []
