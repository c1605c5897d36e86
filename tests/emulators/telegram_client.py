"""A plain client of the Bot API for tests: the parameters as they are given, the answer as it is."""

import json
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, FormData

from tests.emulators.telegram_errors import Json
from tests.emulators.telegram_images import Upload


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body; ``words`` is the refusal without its prefix."""

    status: int
    body: Json

    @property
    def words(self) -> str:
        """The description."""
        return str(self.body.get("description", "")).removeprefix("Bad Request: ")

    @property
    def result(self) -> Any:  # noqa: ANN401 - results are of any type
        """What a success brings; raises AssertionError for a refusal."""
        assert self.body["ok"], self.body
        return self.body["result"]


class Api:
    """``async with Api(url, token) as api: await api("sendMessage", chat_id=1, text="hi")``."""

    def __init__(self, url: str, token: str) -> None:
        self._head = f"{url}/bot{token}/"
        self._session: ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = ClientSession()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._open().close()

    def _open(self) -> ClientSession:
        assert self._session, "used outside of async with"
        return self._session

    async def __call__(self, method: str, **params: object) -> Answer:
        """A call as a form (multipart with an Upload), the objects as JSON."""
        form = FormData()
        for name, value in params.items():
            if isinstance(value, Upload):
                form.add_field(name, BytesIO(value.content), filename=value.name)
            else:
                form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        return await self._post(method, data=form)

    async def json(self, method: str, body: object) -> Answer:
        """A call with a JSON body."""
        return await self._post(method, json=body)

    async def get(self, method: str, **params: str) -> Answer:
        """A call by GET."""
        async with self._open().get(self._head + method, params=params) as response:
            return Answer(response.status, await response.json())

    async def _post(self, method: str, **body: Any) -> Answer:  # noqa: ANN401 - aiohttp's
        async with self._open().post(self._head + method, **body) as response:
            return Answer(response.status, await response.json())


def png(width: int, height: int) -> Upload:
    """A PNG whose header says so; there is no picture in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(head))
    return Upload("chart.png", b"\x89PNG\r\n\x1a\n" + chunk)


def keyboard(*rows: list[Json]) -> Json:
    """An inline keyboard of these rows."""
    return {"inline_keyboard": list(rows)}


def button(data: str, text: str = "Go") -> Json:
    """A button that sends this data."""
    return {"text": text, "callback_data": data}
