"""A loopback model server that speaks OpenAI's chat completions, and breaks on demand.

    python -m tests.emulators.openai_server --port 8082 --key sk-test --lacks json_schema \\
        --fault status:429,retry_after=1,first=2

The first line on standard output is the address (what ``OPENAI_BASE_URL`` should be). It serves
``/v1/chat/completions`` and ``/v1/models``. Unless told what to say, it answers with a value that
fits the JSON schema of the request. For tests in other processes:

============================  ================================================================
``GET /_control/state``       the requests so far, and how many scripted answers are left
``POST /_control/script``     ``{"answers": [text or object or {"refusal"} or {"content",
                              "finish_reason"}, …]}``: the next answers, in order
``POST /_control/fault``      ``{"fault": "drop,nth=2"}``; ``DELETE`` mends all
``POST /_control/lacks``      ``{"lacks": ["json_schema", "max_tokens"]}``
============================  ================================================================

The faults are listed in ``openai_faults.py``.
"""

import argparse
import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, time
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.emulators import openai_faults
from tests.emulators.openai_answers import (
    Answer,
    Script,
    chunks,
    completion,
    cut,
    default_answer,
    prompt_tokens,
    resolved,
)
from tests.emulators.openai_faults import Fault, broken_answer, refusal
from tests.emulators.openai_rules import Json, Refused, check_key, check_request

KEY = "sk-test"
MODELS = ("gpt-emulated",)
_BODY_BYTES = 32 * 2**20


@dataclass(slots=True)
class Asked:
    """One completion asked for: ``at`` is ``time.monotonic``, ``status`` 0 while it is open."""

    body: Json
    at: float
    status: int = 0
    answer: Answer | None = None


class OpenAIServer:
    """The server in this process: ``async with OpenAIServer(lacks=["json_schema"]) as server``.

    ``say`` puts answers in a queue; when it is empty ``answer`` is asked with the request.
    ``lacks`` names parameters and response formats the server does not have; ``requests``,
    ``faults``, ``lacks`` and ``answer`` may be read and changed at any time.
    """

    def __init__(
        self,
        *,
        key: str = KEY,
        models: Iterable[str] = MODELS,
        answer: Script = default_answer,
        lacks: Iterable[str] = (),
        context_tokens: int = 128_000,
        faults: Iterable[str | Fault] = (),
        clock: Callable[[], float] = time,
        port: int = 0,
    ) -> None:
        self.key = key
        self.models = tuple(models)
        self.answer = answer
        self.lacks = set(lacks)
        self.context_tokens = context_tokens
        self.faults = [f if isinstance(f, Fault) else Fault.parse(f) for f in faults]
        self.requests: list[Asked] = []
        self._script: deque[Script] = deque()
        self._clock = clock
        self._news = asyncio.Condition()
        self._port = port
        app = web.Application(client_max_size=_BODY_BYTES)
        app.router.add_post("/v1/chat/completions", self._completions)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/_control/state", self._state)
        app.router.add_post("/_control/script", self._scripted)
        app.router.add_route("*", "/_control/fault", self._fault)
        app.router.add_post("/_control/lacks", self._lacking)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT/v1``, what ``OPENAI_BASE_URL`` should be."""
        return f"http://127.0.0.1:{self._port}/v1"

    def say(self, *answers: Script) -> None:
        """The next answers, in order: texts, objects, Answers, or callables of the request."""
        self._script.extend(answers)

    def add_fault(self, fault: str) -> Fault:
        """Break from now on; remove it from ``faults`` to mend."""
        self.faults.append(Fault.parse(fault))
        return self.faults[-1]

    async def wait_for(self, requests: int) -> None:
        """Return when this many completions have been asked for."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.requests) >= requests)

    async def start(self) -> None:
        """Listen; port 0 finds a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close every connection and stop."""
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def _models(self, request: web.Request) -> web.Response:
        try:
            check_key(request.headers.get("Authorization", ""), self.key)
        except Refused as refused:
            return _refusal(refused)
        data = [
            {"id": one, "object": "model", "created": 0, "owned_by": "emulator"}
            for one in self.models
        ]
        return web.json_response({"object": "list", "data": data})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        asked = Asked({}, monotonic())
        async with self._news:
            self.requests.append(asked)
            number = len(self.requests)
            self._news.notify_all()
        struck = [fault for fault in self.faults if fault.strikes(number)]
        try:
            response = await self._answered(request, asked, struck, number)
        except Refused as refused:
            response = _refusal(refused, struck)
        asked.status = response.status
        return response

    async def _answered(
        self, request: web.Request, asked: Asked, struck: Sequence[Fault], number: int
    ) -> web.StreamResponse:
        check_key(request.headers.get("Authorization", ""), self.key)
        try:
            asked.body = await request.json()
        except ValueError as error:
            words = "We could not parse the JSON body of your request."
            raise Refused(400, words) from error
        for fault in struck:
            if refused := refusal(fault):
                raise refused
            if broken := await broken_answer(request, fault):
                return broken
        body = check_request(asked.body, self.models, self.lacks)
        self._check_length(body)
        script = self._script.popleft() if self._script else self.answer
        answer = asked.answer = cut(resolved(script, body), body)
        created = int(self._clock())
        if body.get("stream"):
            return await _stream(request, chunks(answer, body, number, created))
        result = completion(answer, body, number, created)
        return web.json_response(result | ({"choices": []} if struck else {}))

    def _check_length(self, body: Json) -> None:
        given = prompt_tokens(body)
        if given > self.context_tokens:
            words = (
                f"This model's maximum context length is {self.context_tokens} tokens. However, "
                f"your messages resulted in {given} tokens. Please reduce the length of the messages."
            )
            raise Refused(400, words, code="context_length_exceeded", param="messages")

    async def _state(self, _: web.Request) -> web.Response:
        requests = [
            {"body": one.body, "status": one.status, "content": one.answer and one.answer.content}
            for one in self.requests
        ]
        return web.json_response({"requests": requests, "scripted": len(self._script)})

    async def _scripted(self, request: web.Request) -> web.Response:
        for one in (await request.json())["answers"]:
            whole = isinstance(one, dict) and {"refusal", "finish_reason"} & one.keys()
            self.say(Answer(**one) if whole else one)
        return web.json_response({})

    async def _fault(self, request: web.Request) -> web.Response:
        if request.method == "DELETE":
            self.faults.clear()
        else:
            self.add_fault((await request.json())["fault"])
        return web.json_response({})

    async def _lacking(self, request: web.Request) -> web.Response:
        self.lacks = set((await request.json())["lacks"])
        return web.json_response({})


def _refusal(refused: Refused, struck: Sequence[Fault] = ()) -> web.Response:
    waits = [fault.retry_after for fault in struck if fault.retry_after is not None]
    headers = {"Retry-After": waits[0]} if waits else {}
    return web.json_response({"error": refused.error}, status=refused.status, headers=headers)


async def _stream(request: web.Request, parts: Sequence[Json]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for part in parts:
        await response.write(f"data: {json.dumps(part)}\n\n".encode())
    await response.write(b"data: [DONE]\n\n")
    return response


async def _serve(options: argparse.Namespace) -> None:
    server = OpenAIServer(
        key=options.key,
        models=options.model or MODELS,
        lacks=options.lacks,
        faults=options.fault,
        port=options.port,
    )
    async with server:
        print(server.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        description=f"{__doc__}\n{openai_faults.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default=KEY, help="the API key")
    parser.add_argument("--model", action="append", help="a model it has; may be repeated")
    parser.add_argument("--lacks", action="append", default=[], help="a parameter it has not")
    parser.add_argument("--fault", action="append", default=[], help="see above; may be repeated")
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
