"""The emulated Discord's buttons, menus and forms."""

from typing import Any

import pytest

from tests.emulators.discord_asking import CannotUseError
from tests.emulators.discord_caller import Caller, applied, callback, webhook
from tests.emulators.discord_interaction import Interaction
from tests.emulators.discord_world import Message


async def answered(call: Caller, asked: Interaction, *components: dict[str, Any]) -> Message:
    data = {"content": "x", "components": [{"type": 1, "components": list(components)}]}
    answer = await call("POST", callback(asked), {"type": 4, "data": data})
    assert answer.status == 204, answer.json
    return await asked.answer()


async def test_a_button_updates_its_message_only_for_who_sees_it() -> None:
    async with applied() as (server, call, socket):
        asked = await server.command("digest")
        row = {
            "type": 1,
            "components": [
                {"type": 2, "style": 1, "label": "More", "custom_id": "more"},
                {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True},
            ],
        }
        data = {"content": "x", "flags": 64, "components": [row]}
        await call("POST", callback(asked), {"type": 4, "data": data})
        message = await asked.answer()
        with pytest.raises(CannotUseError, match="does not see"):
            await server.press(message, "More", server.owner)
        with pytest.raises(CannotUseError, match="cannot be pressed"):
            await server.press(message, "Off")
        with pytest.raises(CannotUseError, match="no button 'Less' among"):
            await server.press(message, "Less")
        pressed = await server.press(message, "More")
        await socket.until("INTERACTION_CREATE")
        event = await socket.until("INTERACTION_CREATE")
        assert (event["type"], event["data"]["custom_id"]) == (3, "more")
        assert event["message"]["id"] == str(message.id)
        update = {"type": 7, "data": {"content": "y", "components": []}}
        assert (await call("POST", callback(pressed), update)).status == 204
        assert message.content == "y"


async def test_a_button_deferred_without_a_sign_edits_its_message_later() -> None:
    async with applied() as (server, call, _):
        asked = await server.command("digest")
        button = {"type": 2, "style": 1, "label": "More", "custom_id": "more"}
        data = {"content": "x", "components": [{"type": 1, "components": [button]}]}
        await call("POST", callback(asked), {"type": 4, "data": data})
        message = await asked.answer()
        pressed = await server.press(message, "more")
        await call("POST", callback(pressed), {"type": 6})
        await call("PATCH", f"{webhook(server, pressed)}/messages/@original", {"content": "y"})
        assert (await pressed.edited()).content == "y"
        await call("POST", webhook(server, pressed), {"content": "z"})
        assert (await pressed.followup()).content == "z"


async def test_menus_take_what_they_offer() -> None:
    async with applied() as (server, call, socket):
        options = [{"label": "Vision", "value": "cv"}, {"label": "Language", "value": "llm"}]
        menu = {"type": 3, "custom_id": "which", "options": options, "max_values": 2}
        message = await answered(call, await server.command("digest"), menu)
        await socket.until("INTERACTION_CREATE")
        await server.select(message, "which", ["Vision", "llm"])
        data = (await socket.until("INTERACTION_CREATE"))["data"]
        assert (data["component_type"], data["values"]) == (3, ["cv", "llm"])
        for values in ([], ["cv"] * 3, ["robots"]):
            with pytest.raises(CannotUseError):
                await server.select(message, "which", values)
        with pytest.raises(CannotUseError, match="no menu"):
            await server.select(message, "other", ["cv"])


async def test_a_menu_of_channels_takes_channels() -> None:
    async with applied() as (server, call, socket):
        menu = {"type": 8, "custom_id": "where"}
        message = await answered(call, await server.command("digest"), menu)
        await socket.until("INTERACTION_CREATE")
        await server.select(message, "where", [server.news])
        data = (await socket.until("INTERACTION_CREATE"))["data"]
        assert data["values"] == [str(server.news.id)]
        assert data["resolved"]["channels"][str(server.news.id)]["name"] == "news"
        with pytest.raises(CannotUseError, match="cannot be chosen"):
            await server.select(message, "where", [server.owner])


async def test_a_form_is_filled_in_and_sent() -> None:
    async with applied() as (server, call, socket):
        asked = await server.command("digest")
        await socket.until("INTERACTION_CREATE")
        with pytest.raises(CannotUseError, match="not answered with a form"):
            await server.submit(asked, {})
        time = {"type": 4, "custom_id": "time", "style": 1, "label": "Time", "max_length": 5}
        zone = {"type": 4, "custom_id": "zone", "style": 1, "required": False}
        parts = [
            {"type": 1, "components": [time]},
            {"type": 18, "label": "Zone", "component": zone},
        ]
        form = {"title": "When", "custom_id": "when", "components": parts}
        made = await call("POST", callback(asked), {"type": 9, "data": form})
        assert made.status == 204, made.json
        for values in ({}, {"Time": "morning"}, {"Time": "09:00", "Day": "1"}):
            with pytest.raises(CannotUseError):
                await server.submit(asked, values)
        sent = await server.submit(asked, {"Time": "09:00"})
        data = (await socket.until("INTERACTION_CREATE"))["data"]
        assert data["custom_id"] == "when"
        assert data["components"][0]["components"][0]["value"] == "09:00"
        assert data["components"][1]["component"]["value"] == ""
        assert (await call("POST", callback(sent), {"type": 9, "data": form})).code == 50035
        assert (await call("POST", callback(sent), {"type": 5})).status == 204
