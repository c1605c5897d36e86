"""The emulated Discord refuses what Discord refuses in a message's body."""

from typing import Any

import pytest

from tests.emulators import discord_spec
from tests.emulators.discord_caller import emulated
from tests.emulators.discord_faults import Fault

LONG = "BASE_TYPE_MAX_LENGTH"
BAD_LENGTH = "BASE_TYPE_BAD_LENGTH"
REQUIRED = "BASE_TYPE_REQUIRED"
NO_FILE = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"


def embed(**parts: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"embeds": [{"title": "t"} | parts]}


def field(name: str, value: str) -> dict[str, Any]:
    return embed(fields=[{"name": name, "value": value}])


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"content": "x", "components": [{"type": 1, "components": list(components)}]}


def button(**parts: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"type": 2, "style": 1, "label": "b", "custom_id": "c"} | parts


def menu(count: int, **parts: Any) -> dict[str, Any]:  # noqa: ANN401
    options = [{"label": f"o{n}", "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "m", "options": options} | parts


BAD: list[tuple[dict[str, Any], str]] = [
    ({"content": "가" * 2001}, f"content {LONG}"),
    ({"content": 5}, "content BASE_TYPE_STRING"),
    ({"content": "x", "components": {}}, "components BASE_TYPE_BAD_TYPE"),
    ({"embeds": [{"title": "t"}] * 11}, f"embeds {BAD_LENGTH}"),
    (embed(title="x" * 257), f"embeds.0.title {LONG}"),
    (embed(description="x" * 4097), f"embeds.0.description {LONG}"),
    (embed(fields=[{"name": "n", "value": "v"}] * 26), f"embeds.0.fields {BAD_LENGTH}"),
    (field("x" * 257, "v"), f"embeds.0.fields.0.name {BAD_LENGTH}"),
    (field("n", "x" * 1025), f"embeds.0.fields.0.value {BAD_LENGTH}"),
    (field("n", " "), f"embeds.0.fields.0.value {REQUIRED}"),
    (field("", "v"), f"embeds.0.fields.0.name {REQUIRED}"),
    (embed(footer={"text": "x" * 2049}), f"embeds.0.footer.text {BAD_LENGTH}"),
    (embed(author={"name": "x" * 257}), f"embeds.0.author.name {BAD_LENGTH}"),
    (embed(url="paperround"), "embeds.0.url URL_TYPE_INVALID_URL"),
    (embed(url="attachment://a.png"), "embeds.0.url URL_TYPE_INVALID_SCHEME"),
    (embed(image={"url": "attachment://a.png"}), f"embeds.0.image.url {NO_FILE}"),
    (embed(image={"width": 5}), f"embeds.0.image.url {REQUIRED}"),
    (embed(thumbnail={"url": "ftp://a/b.png"}), "embeds.0.thumbnail.url URL_TYPE_INVALID_SCHEME"),
    ({"embeds": [{"title": ""}]}, f"embeds.0.description {REQUIRED}"),
    ({"embeds": [{"description": "x" * 3001}] * 2}, "embeds MAX_EMBED_SIZE_EXCEEDED"),
    ({"content": "x", "nonce": "n" * 26}, "nonce NONCE_TYPE_TOO_LONG"),
    ({"content": "x", "attachments": [{"id": 0}]}, "attachments.0.id ATTACHMENT_NOT_FOUND"),
    (
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        "allowed_mentions.parse BASE_TYPE_CHOICES",
    ),
    (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    (
        {"content": "x", "message_reference": {"message_id": "1"}},
        "message_reference MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
    ),
]

BAD_COMPONENTS: list[tuple[dict[str, Any], str]] = [
    (
        {
            "content": "x",
            "components": [{"type": 1, "components": [button(custom_id=str(n))]} for n in range(6)],
        },
        f"components {BAD_LENGTH}",
    ),
    (row(*(button(custom_id=str(n)) for n in range(6))), f"components.0.components {BAD_LENGTH}"),
    (row(), f"components.0.components {BAD_LENGTH}"),
    (row(button(), button()), "components COMPONENT_CUSTOM_ID_DUPLICATED"),
    (
        row(button(custom_id="x" * 101)),
        f"components.0.components.0.custom_id {BAD_LENGTH}",
    ),
    (row(button(custom_id=None)), f"components.0.components.0.custom_id {REQUIRED}"),
    (row(button(label="x" * 81)), f"components.0.components.0.label {LONG}"),
    (
        row(button(label=None)),
        "components.0.components.0 BUTTON_COMPONENT_REQUIRES_LABEL_OR_EMOJI",
    ),
    (row(button(style=9)), "components.0.components.0.style BASE_TYPE_CHOICES"),
    (row(button(style=5)), "components.0.components.0 BUTTON_COMPONENT_INVALID_LINK"),
    (
        row(button(url="https://example.org")),
        "components.0.components.0 BUTTON_COMPONENT_INVALID_URL",
    ),
    (row(menu(26)), f"components.0.components.0.options {BAD_LENGTH}"),
    (row(menu(0)), f"components.0.components.0.options {BAD_LENGTH}"),
    (row(menu(2, max_values=3)), f"components.0.components.0.max_values {BAD_LENGTH}"),
    (row(menu(2, placeholder="x" * 151)), f"components.0.components.0.placeholder {LONG}"),
    (
        row(menu(2, options=[{"label": "a", "value": "v"}] * 2)),
        "components.0.components.0.options SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    (row(menu(1), button()), "components.0 COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    ({"content": "x", "components": [button()]}, "components.0.type BASE_TYPE_CHOICES"),
    (
        {"flags": 1 << 15, "content": "x", "components": [{"type": 10, "content": "y"}]},
        "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    (
        {"flags": 1 << 15, "components": [{"type": 10, "content": "y" * 2001}] * 2},
        "components COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    (
        {
            "flags": 1 << 15,
            "components": [{"type": 17, "components": [{"type": 10, "content": "y"}] * 40}],
        },
        f"components {BAD_LENGTH}",
    ),
    (
        {
            "flags": 1 << 15,
            "components": [{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}],
        },
        f"components.0.items.0.media.url {NO_FILE}",
    ),
]


@pytest.mark.parametrize(("body", "fault"), BAD + BAD_COMPONENTS)
async def test_a_bad_body_is_refused_with_the_field_at_fault(
    body: dict[str, Any], fault: str
) -> None:
    async with emulated() as (server, call):
        refused = await call("POST", f"/channels/{server.text.id}/messages", body)
        assert (refused.status, refused.code) == (400, 50035)
        assert refused.faults == [fault]
        assert refused.json["message"] == "Invalid Form Body"
        assert server.messages(server.text) == []


@pytest.mark.parametrize("body", [body for body, _ in BAD[:-1]])
async def test_a_forum_post_obeys_the_same_rules(
    body: dict[str, Any],
) -> None:
    async with emulated() as (server, call):
        post = {"name": "n", "message": body}
        refused = await call("POST", f"/channels/{server.forum.id}/threads", post)
        assert (refused.status, refused.code) == (400, 50035)
        assert all(fault.startswith("message.") for fault in refused.faults)
        assert server.threads(server.forum) == []


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2000},
        {"content": "😀" * 2000},
        {"embeds": [{"title": "x" * 256, "description": "y" * 4096}]},
        {"embeds": [{"description": "x" * 3000}] * 2},
        {"embeds": [{"title": "t", "fields": [{"name": "n", "value": "v"}] * 25}]},
        {"content": "x", "nonce": "n" * 25, "enforce_nonce": True},
        {"content": "x", "nonce": 123},
        row(*(button(custom_id=str(n)) for n in range(5))),
        row(menu(25, min_values=0, max_values=25)),
        row(button(style=5, custom_id=None, url="https://example.org")),
        {"flags": 1 << 15, "components": [{"type": 10, "content": "y" * 4000}]},
    ],
)
async def test_a_body_at_the_limit_is_taken(body: dict[str, Any]) -> None:
    async with emulated() as (server, call):
        sent = await call("POST", f"/channels/{server.text.id}/messages", body)
        assert sent.status == 200, sent.json
        assert [str(message.id) for message in server.messages(server.text)] == [sent.json["id"]]


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x", "embeds": [{"title": "t", "color": 2**24}]},
        {"content": "x", "tts": "yes"},
        {"content": "x", "message_reference": {"message_id": {}}},
    ],
)
@pytest.mark.skipif(not discord_spec.available(), reason="the OpenAPI description is not here")
async def test_what_only_the_openapi_description_forbids_is_refused_too(
    body: dict[str, Any],
) -> None:
    async with emulated() as (server, call):
        refused = await call("POST", f"/channels/{server.text.id}/messages", body)
        assert (refused.status, refused.code) == (400, 50035)
        assert refused.faults


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"content": None, "embeds": []}])
async def test_an_empty_message_is_refused(body: dict[str, Any]) -> None:
    async with emulated() as (server, call):
        assert (await call("POST", f"/channels/{server.text.id}/messages", body)).code == 50006


async def test_editing_a_message_to_nothing_is_refused_and_changes_nothing() -> None:
    async with emulated() as (server, call):
        path = f"/channels/{server.text.id}/messages"
        number = (await call("POST", path, {"content": "x"})).json["id"]
        assert (await call("PATCH", f"{path}/{number}", {"content": ""})).code == 50006
        refused = await call("PATCH", f"{path}/{number}", {"content": "x" * 2001})
        assert refused.faults == [f"content {LONG}"]
        assert server.messages(server.text)[0].content == "x"


async def test_a_display_of_too_many_bytes_is_an_internal_error() -> None:
    async with emulated() as (server, call):
        body = {"flags": 1 << 15, "components": [{"type": 10, "content": "가" * 3400}]}
        assert (await call("POST", f"/channels/{server.text.id}/messages", body)).status == 500


def test_a_fault_that_does_not_exist_is_an_error() -> None:
    for text in ("explode", "status:many", "stall,when=now"):
        with pytest.raises(ValueError, match="fault|number"):
            Fault.parse(text)
