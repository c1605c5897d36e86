"""Menus, forms and buttons on Discord: they change the message they stand under, or say why not."""

import asyncio
from functools import partial

from core.subscription import Target
from tests.contract import NOON, WISH
from tests.contract_discord import FORM, Home, home, labels, parts, words
from tests.emulators.discord_components import SELECT
from tests.emulators.discord_world import Message

__all__ = ["home"]


async def opened(home: Home, label: str) -> Message:
    """The subscription's message with the menu behind this button."""
    await home.house.subscribed()
    message = await home.say("subscriptions")
    return await (await home.press(message, label)).edited()


async def test_a_menu_changes_the_message_it_stands_under(home: Home) -> None:
    message = await opened(home, "Categories")
    count = len(home.server.messages(home.server.text, private=True))
    (menu,) = [part for part in parts(message) if part["type"] == SELECT]
    assert (menu["min_values"], menu["max_values"], len(menu["options"])) == (0, 17, 17)
    assert menu["placeholder"] == "Categories: All categories"
    changed = await home.choose(message, "Categories", "cv", "rl")
    assert changed is message
    assert "Categories: Computer Vision, Reinforcement Learning" in words(message)
    (menu,) = [part for part in parts(message) if part["type"] == SELECT]
    assert [o["value"] for o in menu["options"] if o.get("default")] == ["cv", "rl"]
    assert [one.wish.categories for one in await home.house.held()] == [("cv", "rl")]
    await home.choose(message, "Categories")
    assert [one.wish.categories for one in await home.house.held()] == [()]
    await (await home.press(message, "Done")).edited()
    assert labels(message)[:2] == ["Categories", "Time"]
    ended = await (await home.press(message, "Unsubscribe")).edited()
    assert "It has ended" in words(ended)
    assert await home.house.held() == []
    assert len(home.server.messages(home.server.text, private=True)) == count


async def test_a_form_asks_for_a_line_and_shows_what_it_is_now(home: Home) -> None:
    message = await opened(home, "Filters")
    for written, terms in (("survey, review", ("survey", "review")), ("", ())):
        asked = await home.press(message, "Words to exclude")
        assert await asked.acknowledged() == FORM
        sent = await home.server.submit(asked, {"exclude": written})
        assert await sent.acknowledged() == 6
        await sent.edited()
        assert [one.wish.exclude for one in await home.house.held()] == [terms]
        assert "review" in words(message) if terms else "Exclude" not in words(message)
    asked = await home.press(message, "Words to exclude")
    await asked.acknowledged()
    assert asked.modal
    assert "value" not in asked.modal["components"][0]["component"]


async def test_a_line_that_cannot_be_read_is_refused_beside(home: Home) -> None:
    message = await opened(home, "Time")
    before = words(message)
    asked = await home.press(message, "Another time")
    await asked.acknowledged()
    assert asked.modal
    assert asked.modal["components"][0]["component"]["value"] == "11:00"
    sent = await home.server.submit(asked, {"time": "99:99"})
    refused = await sent.followup()
    assert refused.ephemeral
    assert "is not a time" in words(refused)
    assert words(message) == before


async def test_who_may_no_longer_manage_is_told_so_and_changes_nothing(home: Home) -> None:
    server = home.server
    boss = server.add_user("boss", guild=server.home, permissions="MANAGE_CHANNELS")
    await home.house.subscribed()
    message = await (await server.command("subscriptions", user=boss)).answer()
    await (await server.press(message, "Time", boss)).edited()
    before = words(message)
    server.set_permissions(server.home, boss, "")
    menu = next(part["custom_id"] for part in parts(message) if part["type"] == SELECT)
    refused = await (await server.select(message, menu, ["09:00"], boss)).followup()
    assert refused.ephemeral
    assert "Only those who may manage this channel" in words(refused)
    asked = await server.press(message, "Time zone", boss)
    assert await asked.acknowledged() == 4
    assert "Only those who may manage this channel" in words(await asked.answer())
    assert words(message) == before
    assert [one.wish.at.hour for one in await home.house.held()] == [11]


async def test_a_new_subscription_brings_a_short_welcome_and_today_s_digest(home: Home) -> None:
    answer = await home.say("subscribe", categories="cv")
    assert "The digest of Tue, 4 March 2025 follows now" in words(answer)
    assert "Next: Wed, 5 March at 11:00" in words(answer)
    await home.house.sender.drain()
    (parent,) = home.server.messages(home.server.text)
    (thread,) = home.server.threads(home.server.text)
    assert "21 new papers" in words(parent)
    assert len(home.server.messages(thread)) == 1


async def test_the_preview_is_the_whole_thread_for_the_asker_alone(home: Home) -> None:
    await home.house.subscribed()
    message = await home.say("subscriptions")
    asked = await home.press(message, "Preview")
    await asked.followup(2)
    assert [m.embeds[0]["title"].split(" · ")[0] for m in asked.messages] == [
        *("AI paper digest", "✈️ Computer Vision", "🥳 LLM", "🦾 Robotics"),
    ]
    assert all(one.ephemeral for one in asked.messages)
    assert home.server.messages(home.server.text) == []


async def test_further_papers_keep_their_numbers(home: Home) -> None:
    digest = await home.say("digest", category="cv")
    assert labels(digest) == ["Day before", "More (6–10)", "Subscribe"]
    more = await (await home.press(digest, "More (6–10)")).answer()
    assert more is not digest
    assert "Computer Vision · 6–10 / 17" in words(more)
    assert all(f"[{rank}]" in words(more) for rank in range(6, 11))
    assert labels(more) == ["More (11–15)"]
    await (await home.press(more, "More (11–15)")).edited()
    last = await (await home.press(more, "More (16–17)")).edited()
    assert last is more
    assert labels(more) == ["Back (11–15)"]
    assert "[17]" in words(more)
    assert "[15]" not in words(more)


async def test_somebody_s_own_installation_answers_where_the_bot_is_not(home: Home) -> None:
    server = home.server
    server.remove_bot(server.home)
    used = partial(server.command, by_user_install=True, user=server.owner)
    digest = await (await used("digest", {"category": "cv"})).answer()
    assert "Computer Vision" in words(digest)
    asked = await (await used("subscribe")).answer()
    assert "I am not in this channel" in words(asked)
    assert await home.house.parts.store.subscriptions.all_active() == []
    made = await (await home.press(asked, "Send it to me")).answer()
    assert "Subscribed" in words(made)
    (one,) = await home.house.parts.store.subscriptions.all_active()
    assert one.target == Target("discord", f"@{server.owner.id}")


async def test_what_is_typed_is_completed_also_behind_a_comma(home: Home) -> None:
    for name, option, typed, value in (
        ("digest", "category", "visi", "cv"),
        ("digest", "category", "computer vison", "cv"),
        ("subscribe", "categories", "llm, robo", "llm,robotics"),
        ("subscriptions", "categories", "비전", "cv"),
        ("digest", "date", "4 March", "2025-03-04"),
    ):
        asked = await home.server.autocomplete(name, option, typed, user=home.server.owner)
        found = await asked.choices()
        assert found[0]["value"] == value


async def test_in_a_forum_s_post_the_forum_is_subscribed_or_that_post_instead(home: Home) -> None:
    server, store = home.server, home.house.parts.store.subscriptions
    forum = Target("discord", str(server.forum.id))
    first = await store.add(forum, WISH, NOON, "7", NOON)
    assert await home.house.parts.publisher.welcome(first, NOON)
    await home.house.sender.drain()
    (post,) = server.threads(server.forum)
    used = partial(server.command, user=server.owner, channel=post)
    made = await (await used("subscribe", {"categories": "cv"})).answer()
    assert "This forum gets the digest every day" in words(made)
    assert [one.target for one in await store.all_active()] == [forum, forum]
    here = await (await home.press(made, "In this thread instead")).edited()
    assert f"{post.name} gets the digest every day" in words(here)
    thread = Target("discord", forum.chat, str(post.id))
    assert [one.target for one in await store.all_active()] == [forum, thread]
    listed = await used("subscriptions")
    assert {words(await listed.answer())[:15], words(await listed.followup())[:15]} == {
        f"Subscription #{number}" for number in (1, 3)
    }


async def test_what_is_missing_is_named_with_the_role_that_lacks_it(home: Home) -> None:
    home.server.forbid(home.server.text, "CREATE_PUBLIC_THREADS ATTACH_FILES")
    adapter = home.house.parts.publisher.adapters["discord"]
    async with asyncio.timeout(10):
        while not await adapter.missing_permissions(home.house.target, "en"):  # noqa: ASYNC110 - Discord tells when it likes
            await asyncio.sleep(0.01)
    answer = await home.say("subscribe", categories="cv")
    role = adapter.role(home.house.target)
    assert f"Please allow the role ‘{role}’: ‘Attach Files’, ‘Create Public Threads’" in words(
        answer
    )
    # What could not arrive is not sent, and can be had once it can.
    assert "follows now" not in words(answer)
    await home.house.sender.drain()
    assert home.server.messages(home.server.text) == []
