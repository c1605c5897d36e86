"""Commands on Discord: registered, asked, promised and answered."""

import asyncio
import logging

import pytest

from bot.adapters.base import Request
from bot.adapters.discord_commands import differs, payload
from bot.commands import TABLE
from core.blocks import Message, Paragraph, Post, Text
from core.i18n import catalog
from core.subscription import Target
from tests.discord_adapter import PNG, POST, Told, adapter_of, running
from tests.emulators.discord_command_rules import check_commands
from tests.emulators.discord_components import walk
from tests.emulators.discord_faults import Fault
from tests.emulators.discord_permissions import Permission


async def test_commands_are_registered_in_every_language() -> None:
    async with running(connect=True) as bot:
        registered = {command["name"]: command for command in bot.server.world.commands[None]}
        assert list(registered) == ["digest", "subscribe", "unsubscribe", "unheard"]
        digest = registered["digest"]
        said = {
            code: catalog(code).template("command.digest.description")
            for code in ("ko", "en", "ja", "zh")
        }
        assert digest["description"] == said["en"]
        assert digest["description_localizations"] == {
            "ko": said["ko"],
            "ja": said["ja"],
            "zh-CN": said["zh"],
            "en-US": said["en"],
            "en-GB": said["en"],
        }
        assert digest["name_localizations"] == {
            "ko": "다이제스트",
            "ja": "ダイジェスト",
            "zh-CN": "摘要",
        }
        assert digest["contexts"] == [0, 1, 2]
        assert digest["integration_types"] == [0, 1]
        kinds = {o["name"]: (o["type"], o.get("autocomplete", False)) for o in digest["options"]}
        assert kinds == {"category": (3, True), "date": (3, True), "public": (5, False)}
        assert registered["unsubscribe"]["options"][0]["type"] == 4
        assert registered["unheard"]["description"] == "unheard"
        assert registered["unheard"]["options"][0]["description"] == "unspoken"
        managed = Permission(int(registered["subscribe"]["default_member_permissions"]))
        assert managed == Permission.MANAGE_CHANNELS
        assert digest["default_member_permissions"] is None


def test_discord_takes_the_commands_there_are() -> None:
    commands = payload(TABLE)
    assert check_commands(commands) == commands
    assert all(command["name_localizations"] for command in commands)
    with_options = [option for command in commands for option in command["options"]]
    assert all(option["name_localizations"] for option in with_options)


async def test_commands_that_are_registered_already_are_left_alone() -> None:
    async with running(connect=True) as bot:
        assert not differs(bot.server.world.commands[None], payload(bot.told.table))
        again = adapter_of(bot.server, bot.draw)
        asked = len(bot.server.requests)
        await again.start(bot.told)
        await bot.server.wait_for(
            lambda: any(
                r.method == "GET" and r.path.endswith("/commands") and r.status == 200
                for r in bot.server.requests[asked:]
            )
        )
        await again.stop()
        assert bot.server.world.synced == 1


async def test_registering_goes_on_after_a_failure() -> None:
    async with running("status:503,path=*/commands,first=1", connect=True) as bot:
        assert bot.server.world.synced == 1


async def test_a_command_is_promised_and_answered_to_the_asker_alone() -> None:
    async with running(connect=True) as bot:
        bot.server.reader.locale = "ko"
        asked = await bot.server.command("digest", {"category": "cv", "date": "today"})
        assert await asked.acknowledged() == 5
        message = await asked.answer()
        assert message.ephemeral
        assert "digest" in message.embeds[0]["description"]
        assert bot.told.requests == [
            Request(
                "digest",
                bot.channel,
                str(bot.server.reader.id),
                {"category": "cv", "date": "today"},
                language="ko",
                place="#papers",
                alone=True,
            )
        ]


async def test_a_public_answer_is_for_everyone() -> None:
    async with running(connect=True) as bot:
        asked = await bot.server.command("digest", {"public": True})
        assert not (await asked.answer()).ephemeral
        assert bot.told.requests[0].arguments == {"public": "true"}
        asked = await bot.server.command("digest", {"public": False})
        assert (await asked.answer()).ephemeral


async def test_an_answer_of_several_messages_brings_its_charts() -> None:
    async with running(connect=True) as bot:
        bot.told.post = POST
        asked = await bot.server.command("digest")
        first = await asked.answer()
        last = await asked.followup(1)
        assert [m.embeds[0]["title"] for m in asked.messages] == [
            "AI paper digest",
            "cv · 4",
            "llm · 4",
        ]
        assert all(message.ephemeral for message in asked.messages)
        assert (first.files[0].content, last.files[0].content) == (PNG, PNG)
        assert asked.refused == []


async def test_an_answer_too_long_for_somebody_s_own_installation_is_cut_short() -> None:
    async with running(connect=True) as bot:
        replies = tuple(Message(f"c{n}", f"{n}", "", ()) for n in range(8))
        bot.told.post = Post("2025-07-15", "en", Message("parent", "Day", "", ()), replies)
        group = bot.server.private_group(bot.server.reader, bot.server.owner)
        asked = await bot.server.command("digest", channel=group, by_user_install=True)
        await asked.followup(4)
        await bot.server.wait_for(lambda: asked.refused)
        assert asked.refused == [40094]
        assert bot.told.requests[0].target == bot.person


async def test_where_and_by_whom_something_is_asked() -> None:
    async with running(connect=True) as bot:
        server = bot.server
        manager = server.add_user("manager", guild=server.home, permissions="MANAGE_CHANNELS")
        await (await server.command("subscribe", user=manager)).answer()
        await (await server.command("subscribe", channel=server.direct(server.reader))).answer()
        await bot.post(bot.channel)
        (thread,) = server.threads(server.text)
        await (
            await server.command("unsubscribe", {"number": 3}, user=manager, channel=thread)
        ).answer()
        first, second, third = bot.told.requests
        assert (first.target, first.manager, first.private) == (bot.channel, True, False)
        assert (second.target, second.manager, second.private) == (bot.person, False, True)
        assert (second.place, second.person) == ("", str(server.reader.id))
        assert third.target == Target("discord", str(server.text.id), str(thread.id))
        assert (third.place, third.arguments) == (thread.name, {"number": "3"})


async def test_what_is_typed_is_completed() -> None:
    async with running(connect=True) as bot:
        asked = await bot.server.autocomplete("digest", "category", "vis", {"public": True})
        choices = await asked.choices()
        assert len(choices) == 25
        assert choices[0] == {"name": "category vis 0 en", "value": "cv0"}
        bot.told.fails = True
        asked = await bot.server.autocomplete("digest", "date", "")
        assert await asked.choices() == []


async def test_a_button_gives_its_command() -> None:
    async with running(connect=True) as bot:
        await bot.post(bot.person)
        (daily,) = bot.server.messages(bot.server.direct(bot.server.reader))
        answer = await (await bot.server.press(daily, "llm · 4")).answer()
        assert answer.ephemeral
        assert [part["label"] for part in walk(answer.components) if part["type"] == 2] == ["Again"]
        again = await (await bot.server.press(answer, "Again")).answer()
        assert again is not answer
        assert [(r.command, dict(r.arguments)) for r in bot.told.requests] == [
            ("digest", {"category": "llm", "date": "2025-07-15"}),
            ("digest", {"category": "cv"}),
        ]


async def test_somebody_whose_command_breaks_is_told_so() -> None:
    async with running(connect=True) as bot:
        bot.told.fails = True
        bot.server.reader.locale = "ko"
        answer = await (await bot.server.command("digest")).answer()
        assert answer.embeds[0]["description"] == catalog("ko").template("answer.broken")


async def test_an_answer_that_comes_too_late_troubles_nobody() -> None:
    async with running(connect=True) as bot:
        bot.server.interactions.deadline = -1.0
        asked = await bot.server.command("digest")
        await bot.server.wait_for(lambda: asked.refused)
        assert asked.refused == [10062]
        bot.server.interactions.deadline = 3.0
        await (await bot.server.command("digest")).answer()
        assert len(bot.told.requests) == 1


async def test_a_lost_answer_is_given_again() -> None:
    async with running(connect=True) as bot:
        bot.server.faults.append(Fault.parse("drop_after,path=/webhooks/*,first=2"))
        asked = await bot.server.command("digest")
        assert (await asked.edited(3)).embeds
        assert asked.messages == [asked.message]


async def test_what_is_under_way_ends_with_the_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.discord_answers._LAST_WORDS", 0.05)
    begun = asyncio.Event()

    async def never(_: Told, __: Request) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Told, "answer", never)
    async with running(connect=True) as bot:
        await bot.server.command("digest")
        await begun.wait()


async def test_a_long_answer_with_a_long_title_is_given_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    async with running(connect=True) as bot:
        text = Paragraph((Text("x" * 9000),))
        bot.told.post = Post("", "en", Message("answer", "T" * 300, "", (text,)))
        asked = await bot.server.command("digest")
        await asked.followup(1)
        assert caplog.records == []
