"""A model's server: one answer from any that speaks OpenAI's chat completions."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import openai
from openai.types.chat import ChatCompletion
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception
from tenacity.wait import wait_exponential, wait_random

from core.report.prompt import Json, Message, estimated_tokens

_FORMATS = ("json_schema", "json_object", "text")
_LIMITS = ("max_completion_tokens", "max_tokens", "")
_TEMPERATURE = 0.2
_BUSY = 429
_BROKEN = 500
_PASSING = (408, 409, _BUSY)
_MISTAKEN = (400, 415, 422)
_SECONDS = re.compile(r"\d{1,9}(?:\.\d+)?", re.ASCII)
# An answer is read no further than this, nor from more places.
_LONGEST = 100_000
_STARTS = 200
_DECODER = json.JSONDecoder()


class SilentServerError(Exception):
    """The server gives no answer, now or at all; the message says why, without any secret."""


class RefusedRequestError(Exception):
    """The server does not take this request, and would not take it a second time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model said: the text, how it ended, and what it took in tokens."""

    text: str
    end: Literal["whole", "cut", "refused"]
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient we are, in seconds, and how often we try.

    A server asks for a wait between two tries; for a longer one than ``longest_wait`` we give up.
    One that stayed silent twice is left alone for ``rest``.
    """

    call: float = 40.0
    connect: float = 5.0
    tries: int = 4
    first_wait: float = 0.5
    longest_wait: float = 20.0
    rest: float = 60.0


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a server is asked: what it lacks is left out."""

    format: str = _FORMATS[0]
    limit: str = _LIMITS[0]
    temperature: bool = True


class ModelServer:
    """One model at one address.

    What the server turns out to lack (a response format, a parameter) is remembered. After two
    questions in a row without any answer it is not asked for a while.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        model: str,
        *,
        pace: Pace | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.model = model
        self._pace = pace or Pace()
        self._sleep = sleep
        timeout = openai.Timeout(self._pace.call, connect=self._pace.connect)
        self._client = openai.AsyncOpenAI(
            api_key=key, base_url=base_url, timeout=timeout, max_retries=0
        )
        # Named now, because the client loads it only then: the first question need not wait for it.
        self._completions = self._client.chat.completions
        self._manner = _Manner()
        self._silent = 0
        self._asked_again_at = 0.0
        self._why = ""

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(self, messages: Sequence[Message], schema: Json, most: int) -> Answer:
        """The model's answer in at most ``most`` tokens, as JSON of this schema where it can.

        Raises SilentServerError, RefusedRequestError.
        """
        loop = asyncio.get_running_loop()
        if self._silent > 1 and loop.time() < self._asked_again_at:
            raise SilentServerError(self._why)
        try:
            answer = await self._asked_patiently(messages, schema, most)
        except (openai.OpenAIError, ValueError) as error:
            self._why = _in_words(error, self._pace.call)
            if isinstance(error, openai.APIStatusError) and error.status_code in _MISTAKEN:
                raise RefusedRequestError(self._why) from None
            # Where it is the account's fault, the next question fares no better.
            self._silent += (
                1 if _may_pass(error) or isinstance(error, openai.APITimeoutError) else 2
            )
            self._asked_again_at = loop.time() + self._pace.rest
            raise SilentServerError(self._why) from None
        self._silent = 0
        return answer

    async def _asked_patiently(
        self, messages: Sequence[Message], schema: Json, most: int
    ) -> Answer:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_may_pass),
            wait=self._wait,
            stop=self._gives_up,
            sleep=self._sleep,
            reraise=True,
        ):
            with attempt:
                return await self._asked(messages, schema, most)
        raise RuntimeError("a try either returns or raises")

    def _wait(self, state: RetryCallState) -> float:
        """What the server asks for, else longer each time."""
        asked = _retry_after(state.outcome.exception() if state.outcome else None)
        longer = wait_exponential(self._pace.first_wait) + wait_random(0, self._pace.first_wait)
        return longer(state) if asked is None else asked

    def _gives_up(self, state: RetryCallState) -> bool:
        too_long = state.upcoming_sleep > self._pace.longest_wait
        return too_long or state.attempt_number >= self._pace.tries

    async def _asked(self, messages: Sequence[Message], schema: Json, most: int) -> Answer:
        """One answer, in the manner that the server takes."""
        manner = self._manner
        while True:
            try:
                given = await self._completions.create(
                    model=self.model,
                    messages=list(messages),  # type: ignore[arg-type] # plain dicts of role and content
                    **_parameters(manner, schema, most),
                )
            except openai.APIStatusError as error:
                easier = _easier(manner, error)
                if easier is None:
                    raise
                manner = easier
            else:
                self._manner = manner
                return _answer(given, messages)


def _parameters(manner: _Manner, schema: Json, most: int) -> dict[str, Any]:
    parameters: dict[str, Any] = {}
    if manner.format == "json_schema":
        wanted = {"name": "report", "strict": True, "schema": schema}
        parameters["response_format"] = {"type": "json_schema", "json_schema": wanted}
    elif manner.format == "json_object":
        parameters["response_format"] = {"type": "json_object"}
    if manner.limit:
        parameters[manner.limit] = most
    if manner.temperature:
        parameters["temperature"] = _TEMPERATURE
    return parameters


def _easier(manner: _Manner, error: openai.APIStatusError) -> _Manner | None:
    """The manner without what the server complains of; None where that is something else."""
    if error.status_code not in _MISTAKEN:
        return None
    said = f"{error.param} {error.message}".casefold()
    if manner.limit and manner.limit in said:
        return replace(manner, limit=_LIMITS[_LIMITS.index(manner.limit) + 1])
    if manner.temperature and "temperature" in said:
        return replace(manner, temperature=False)
    names = ("response_format", "json_schema", "json_object", "schema", "grammar")
    if manner.format != _FORMATS[-1] and any(name in said for name in names):
        return replace(manner, format=_FORMATS[_FORMATS.index(manner.format) + 1])
    return None


def _answer(given: ChatCompletion, messages: Sequence[Message]) -> Answer:
    """The answer in a completion. Raises ValueError where there is none."""
    choices = getattr(given, "choices", None)
    if not choices:
        raise ValueError("its answer is empty")
    message, end = choices[0].message, choices[0].finish_reason
    text = message.content or ""
    usage = given.usage
    prompt = "".join(one["content"] for one in messages)
    refused = bool(message.refusal) or end == "content_filter"
    return Answer(
        text=text,
        end="refused" if refused else "cut" if end == "length" else "whole",
        prompt_tokens=usage.prompt_tokens if usage else estimated_tokens(prompt),
        completion_tokens=usage.completion_tokens if usage else estimated_tokens(text),
    )


def _may_pass(error: BaseException) -> bool:
    """Whether asking again soon may help."""
    if isinstance(error, openai.APIStatusError):
        broke = error.code == "insufficient_quota"
        return not broke and (error.status_code in _PASSING or error.status_code >= _BROKEN)
    if isinstance(error, openai.APITimeoutError):
        return False
    return isinstance(error, openai.OpenAIError | ValueError)


def _retry_after(error: BaseException | None) -> float | None:
    """The seconds that the server asks us to wait (RFC 9110, 10.2.3), or None."""
    if not isinstance(error, openai.APIStatusError):
        return None
    given = error.response.headers.get("retry-after", "")
    if _SECONDS.fullmatch(given):
        return float(given)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _in_words(error: Exception, seconds: float) -> str:
    """Why there is no answer; never the server's own words, which may repeat the key."""
    if isinstance(error, openai.APITimeoutError):
        return f"no answer within {seconds:g} s"
    if isinstance(error, openai.APIStatusError):
        known = {
            401: "the key is refused",
            403: "access is denied",
            404: "no such model or address",
        }
        if error.code == "insufficient_quota":
            return "the account has no money left"
        words = known.get(error.status_code, "")
        return f"status {error.status_code}{f': {words}' if words else ''}"
    if isinstance(error, openai.APIConnectionError):
        return "it cannot be reached"
    return "its answer cannot be read"


def dug_out(text: str) -> object:
    """The JSON object in an answer, whatever stands around it; None if there is none.

    What a reasoning model thought aloud before is skipped. Of several objects the one that has
    findings counts.
    """
    text = text.rpartition("</think>")[2][:_LONGEST]
    found: Mapping[str, object] | None = None
    start = text.find("{")
    for _ in range(_STARTS):
        if start < 0:
            break
        try:
            data, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
            continue
        if "findings" in data:
            return data
        found = found or data
        start = text.find("{", end)
    return found
