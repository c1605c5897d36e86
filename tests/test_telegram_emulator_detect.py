"""The emulator says what Telegram would see by itself in what the bot sends."""

from tests.emulators.telegram_client import Api, png
from tests.emulators.telegram_server import TelegramServer


async def test_what_telegram_sees_by_itself_in_a_text_is_listed() -> None:
    link = {"type": "text_link", "offset": 0, "length": 5, "url": "https://example.org"}
    said = "@name @ann_b 😀 #tag /help $BTC a@b.co arxiv.org tg://x +821012345678 pass@1 C# #1"
    async with TelegramServer() as server, Api(server.url, server.token) as api:
        chat = server.world.group("AI")
        await api("sendMessage", chat_id=chat.id, text=said, entities=[link])
        photo = {"chat_id": chat.id, "photo": png(9, 9), "caption": "fast.ai"}
        await api("sendPhoto", **photo)
    assert server.detected == [
        ("mention", "@ann_b"),
        ("hashtag", "#tag"),
        ("bot_command", "/help"),
        ("cashtag", "$BTC"),
        ("email", "a@b.co"),
        ("url", "arxiv.org"),
        ("url", "tg://x"),
        ("phone_number", "+821012345678"),
        ("url", "fast.ai"),
    ]
