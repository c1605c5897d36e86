"""Requests read and answers written as Discord does it."""

import json
import re
from dataclasses import dataclass, field

from aiohttp import BodyPartReader, web

from tests.emulators.discord_errors import Form, Json, Refusal
from tests.emulators.discord_rules import Body, Upload

MAX_REQUEST = 64 * 2**20
_MOST_BYTES = 25 * 2**20
_FILE = re.compile(r"files\[(\d{1,2})\]")


@dataclass(slots=True)
class Asked:
    """One request as it came: ``at`` is the emulator's clock.

    ``status`` is 0 until it is answered, 499 when the connection was dropped instead.
    """

    method: str
    path: str
    query: dict[str, str]
    at: float
    body: object = None
    files: dict[str, int] = field(default_factory=dict)
    status: int = 0


ASKED = web.RequestKey("asked", Asked)


def answer(data: object, status: int = 200) -> web.Response:
    """A JSON answer whose type is exactly ``application/json``, which clients compare."""
    response = web.Response(body=json.dumps(data).encode(), status=status)
    response.headers["Content-Type"] = "application/json"
    return response


async def read_list(request: web.Request) -> object:
    """A JSON body of any kind."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise Refusal(50109) from None
    request[ASKED].body = body
    return body


async def read_body(request: web.Request) -> Body:
    """A JSON object, by itself or as ``payload_json`` beside files."""
    if request.content_type == "multipart/form-data":
        body = await _read_multipart(request)
    elif request.content_type == "application/json":
        parsed = await read_list(request)
        if not isinstance(parsed, dict):
            raise Refusal(50109)
        body = Body(parsed)
    else:
        form = Form()
        message = (
            'Expected "Content-Type" header to be one of {application/json, multipart/form-data}.'
        )
        form.fail((), "CONTENT_TYPE_INVALID", message)
        form.done()
    asked = request[ASKED]
    asked.body = body.json
    asked.files = {file.filename: len(file.content) for file in body.files.values()}
    return body


async def _read_multipart(request: web.Request) -> Body:
    body = Body({})
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read())
        numbered = _FILE.fullmatch(part.name or "")
        if part.name == "payload_json":
            try:
                body.json = json.loads(content)
            except ValueError:
                raise Refusal(50109) from None
        elif numbered:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            name = part.filename or f"file{numbered[1]}"
            body.files[int(numbered[1])] = Upload(name, content, kind)
    if not isinstance(body.json, dict):
        raise Refusal(50109)
    if sum(len(file.content) for file in body.files.values()) > _MOST_BYTES:
        raise Refusal(40005)
    return body


def inner(body: Body, key: str) -> Body:
    """The part of a body that is a message, with the body's files."""
    part: Json = body.json.get(key) or {}
    return Body(part if isinstance(part, dict) else {}, body.files)
