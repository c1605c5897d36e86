"""Updates on their way to a webhook: in order, each until it is taken."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import ClientError, ClientSession
from yarl import URL

from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_updates import Updates

_AGAIN = 0.05
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


async def delivering(updates: Updates, base: str = "") -> AsyncIterator[None]:
    """While the server lives, post the pending updates to the webhook that is set.

    Unlike the real server it takes an address without TLS and any port, for loopback; with a
    ``base`` (``http://127.0.0.1:8080``) it goes there instead of to the webhook's own host.
    """
    news = asyncio.Event()
    updates.on_add = news.set
    task = asyncio.create_task(_deliver(updates, news, base))
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _deliver(updates: Updates, news: asyncio.Event, base: str) -> None:
    async with ClientSession() as session:
        while True:
            if not (updates.webhook and updates.pending):
                news.clear()
                await news.wait()
                continue
            update = updates.pending[0]
            url, badge = URL(updates.webhook["url"]), updates.webhook["secret_token"]
            if await _taken(
                session, URL(base).join(url.relative()) if base else url, badge, update
            ):
                updates.confirm(update["update_id"] + 1)
            else:
                await asyncio.sleep(_AGAIN)


async def _taken(session: ClientSession, url: URL, badge: str, update: Json) -> bool:
    headers = {_SECRET: badge} if badge else {}
    try:
        async with session.post(url, json=update, headers=headers) as response:
            return response.ok
    except (ClientError, TimeoutError):
        return False
