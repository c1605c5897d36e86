"""discord.py itself, unmodified, against the emulator."""

import asyncio
import io
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import yarl

from tests.emulators.discord_server import DiscordServer

with warnings.catch_warnings():
    # discord.py imports the deprecated audioop.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x04\x00\x00\x00\x02"
    b"\x08\x06\x00\x00\x00\x00\x00\x00\x00"
)


class Bot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), guild_ready_timeout=0)
        self.tree = app_commands.CommandTree(self)
        self.resumed = asyncio.Event()
        self.removed: list[str] = []
        self.tree.add_command(_digest)
        self.tree.add_command(_ask)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_resumed(self) -> None:
        self.resumed.set()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.removed.append(guild.name)


@app_commands.command(name="digest", description="The day's report")
@app_commands.describe(category="Which category")
async def _digest(interaction: discord.Interaction, category: str, *, public: bool = False) -> None:
    await interaction.response.defer(ephemeral=not public, thinking=True)
    embed = discord.Embed(title=category, description=str(interaction.locale))
    embed.set_image(url="attachment://chart.png")
    file = discord.File(io.BytesIO(PNG), "chart.png")
    await interaction.edit_original_response(embed=embed, attachments=[file])
    await interaction.followup.send("more", ephemeral=True)


@_digest.autocomplete("category")
async def _categories(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{typed}…", value=typed)]


class Form(discord.ui.Modal, title="When"):
    time: discord.ui.TextInput["Form"] = discord.ui.TextInput(label="Time")

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"at {self.time.value}", ephemeral=True)


class Question(discord.ui.View):
    @discord.ui.button(label="Yes", custom_id="yes")
    async def yes(
        self, interaction: discord.Interaction, _: discord.ui.Button[discord.ui.View]
    ) -> None:
        await interaction.response.edit_message(content="You said yes", view=None)

    @discord.ui.button(label="When", custom_id="when")
    async def when(
        self, interaction: discord.Interaction, _: discord.ui.Button[discord.ui.View]
    ) -> None:
        await interaction.response.send_modal(Form())

    @discord.ui.select(
        custom_id="which", options=[discord.SelectOption(label="Vision", value="cv")]
    )
    async def which(
        self, interaction: discord.Interaction, menu: discord.ui.Select[discord.ui.View]
    ) -> None:
        await interaction.response.send_message(f"chosen {menu.values}", ephemeral=True)


@app_commands.command(name="ask", description="A question")
async def _ask(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Well?", view=Question())


@asynccontextmanager
async def running(server: DiscordServer, patch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    patch.setattr(discord.http.Route, "BASE", server.api_url)
    gateway = yarl.URL(server.gateway_url)
    patch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
    bot = Bot()
    async with bot:
        task = asyncio.create_task(bot.start(server.token))
        try:
            ready = asyncio.create_task(server.ready())
            await asyncio.wait({task, ready}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                ready.cancel()
                await task
            await bot.wait_until_ready()
            yield bot
        finally:
            await bot.close()
            with suppress(asyncio.CancelledError):
                await task


async def test_it_logs_in_syncs_and_sees_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, running(server, monkeypatch) as bot:
        assert bot.user
        assert bot.user.id == server.world.bot.id
        guild = bot.get_guild(server.home.id)
        assert guild
        assert [channel.name for channel in guild.text_channels] == ["papers", "news"]
        assert [tag.name for tag in guild.forums[0].available_tags] == ["cv", "llm"]
        assert guild.text_channels[0].permissions_for(guild.me).send_messages
        assert [command["name"] for command in server.world.commands[None]] == ["digest", "ask"]
        assert server.gateway.identifies[0]["intents"] == 1


async def test_a_wrong_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server:
        monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
        async with Bot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.login("wrong")


async def test_a_command_is_deferred_and_answered_with_embed_and_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordServer() as server, running(server, monkeypatch):
        server.reader.locale = "ko"
        asked = await server.command("digest", {"category": "cv"})
        assert await asked.acknowledged() == 5
        message = await asked.answer()
        assert message.embeds[0]["title"] == "cv"
        assert message.embeds[0]["description"] == "ko"
        assert message.embeds[0]["image"]["width"] == 4
        assert message.files[0].content == PNG
        assert message.ephemeral
        assert (await asked.followup()).content == "more"
        assert server.messages(server.text) == []
        assert server.json(message)["attachments"] == []


async def test_an_autocomplete_gives_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, running(server, monkeypatch):
        asked = await server.autocomplete("digest", "category", "c")
        assert await asked.choices() == [{"name": "c…", "value": "c"}]


async def test_buttons_menus_and_forms_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, running(server, monkeypatch):
        message = await (await server.command("ask")).answer()
        chosen = await (await server.select(message, "which", ["Vision"])).answer()
        assert chosen.content == "chosen ['cv']"
        form = await server.press(message, "When")
        assert await form.acknowledged() == 9
        assert (await (await server.submit(form, {"Time": "9"})).answer()).content == "at 9"
        pressed = await server.press(message, "Yes")
        assert await pressed.acknowledged() == 7
        assert message.content == "You said yes"
        assert message.components == []


async def test_a_parent_its_thread_and_a_reply_with_a_nonce_of_our_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordServer() as server, running(server, monkeypatch) as bot:
        channel = bot.get_channel(server.text.id)
        assert isinstance(channel, discord.TextChannel)
        parent = await channel.send("parent", nonce="day-1")
        assert (await channel.send("parent", nonce="day-1")).id == parent.id
        thread = await parent.create_thread(name="2025-08-06")
        assert thread.id == parent.id
        file = discord.File(io.BytesIO(PNG), "chart.png")
        await thread.send("reply", nonce="day-1", file=file)
        assert [m.content for m in server.messages(server.text)] == ["parent"]
        assert [m.content for m in server.messages(server.threads(server.text)[0])] == ["reply"]
        read = [(message.type.name, message.content) async for message in thread.history()]
        assert read == [("default", "reply"), ("thread_starter_message", "")]


async def test_a_forum_post_is_made_with_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, running(server, monkeypatch) as bot:
        forum = bot.get_channel(server.forum.id)
        assert isinstance(forum, discord.ForumChannel)
        file = discord.File(io.BytesIO(PNG), "chart.png")
        made = await forum.create_thread(
            name="post", content="first", file=file, applied_tags=forum.available_tags[:1]
        )
        assert made.message.id == made.thread.id
        assert [tag.name for tag in made.thread.applied_tags] == ["cv"]
        assert server.messages(server.threads(server.forum)[0])[0].files[0].content == PNG


async def test_a_429_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = "status:429,retry_after=0.01,first=1,path=*/messages"
    async with DiscordServer(faults=[fault]) as server, running(server, monkeypatch) as bot:
        await bot.get_partial_messageable(server.text.id).send("hello")
        assert [message.content for message in server.messages(server.text)] == ["hello"]
        assert server.limited == 1


async def test_the_bucket_of_a_channel_is_waited_for_without_a_429(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with (
        DiscordServer(channel_limit=(2, 0.05)) as server,
        running(server, monkeypatch) as bot,
    ):
        channel = bot.get_partial_messageable(server.text.id)
        for number in range(5):
            await channel.send(str(number))
        assert len(server.messages(server.text)) == 5
        assert server.limited == 0


async def test_a_disconnected_bot_resumes_and_gets_what_it_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordServer() as server, running(server, monkeypatch) as bot:
        monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda _: 0)
        other = server.add_guild("Other", server.owner)
        await server.gateway.disconnect()
        server.remove_bot(other)
        await bot.resumed.wait()
        assert server.gateway.sessions[0].resumes == 1
        assert bot.removed == ["Other"]


async def test_a_reconnect_is_done_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer() as server, running(server, monkeypatch) as bot:
        await server.gateway.ask_reconnect()
        await bot.resumed.wait()
        assert len(server.gateway.sessions) == 1


async def test_a_direct_message_reaches_a_user_unless_they_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordServer() as server, running(server, monkeypatch) as bot:
        user = bot.get_partial_messageable(server.direct(server.reader).id)
        await user.send("hello")
        server.block(server.reader)
        with pytest.raises(discord.Forbidden, match="50007"):
            await user.send("again")
        assert len(server.messages(server.direct(server.reader))) == 1


async def test_a_command_works_in_a_direct_conversation_and_where_only_the_user_installed_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with DiscordServer() as server, running(server, monkeypatch):
        direct = await server.command("ask", channel=server.direct(server.reader))
        assert (await direct.answer()).content == "Well?"
        server.world.commands[None][1]["integration_types"] = [0, 1]
        group = server.private_group(server.reader, server.owner)
        asked = await server.command("ask", channel=group, by_user_install=True)
        assert (await asked.answer()).content == "Well?"
