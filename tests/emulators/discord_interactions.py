"""Answers to interactions: Discord developer documentation, "Receiving and Responding"."""

from dataclasses import dataclass, field

from aiohttp import web

from tests.emulators import discord_messages, discord_spec
from tests.emulators.discord_bodies import inner, read_body
from tests.emulators.discord_command_rules import check_choices
from tests.emulators.discord_components import INPUT, LABEL, walk
from tests.emulators.discord_errors import Form, Json, Refusal, snowflake
from tests.emulators.discord_interaction import AUTOCOMPLETE, COMPONENT, MODAL, Interaction
from tests.emulators.discord_payloads import message_json
from tests.emulators.discord_rest import Handler, Reply
from tests.emulators.discord_rules import Body, check_message, check_not_empty
from tests.emulators.discord_watch import Watch
from tests.emulators.discord_world import EPHEMERAL, LOADING, Message, World

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, SUGGESTIONS, FORM = 4, 5, 6, 7, 8, 9
_EDIT = "IncomingWebhookUpdateRequestPartial"
_CALLBACKS = {
    MESSAGE: "CreateMessageInteractionCallbackRequest",
    DEFERRED: "CreateMessageInteractionCallbackRequest",
    DEFERRED_UPDATE: "UpdateMessageInteractionCallbackRequest",
    UPDATE: "UpdateMessageInteractionCallbackRequest",
    SUGGESTIONS: "ApplicationCommandAutocompleteCallbackRequest",
    FORM: "ModalInteractionCallbackRequest",
}


@dataclass(slots=True)
class Interactions:
    """All interactions by token; ``deadline`` and ``life`` are in seconds."""

    world: World
    watch: Watch
    deadline: float = 3.0
    life: float = 900.0
    by_token: dict[str, Interaction] = field(default_factory=dict)

    def routes(self) -> list[tuple[str, str, Handler]]:
        """The endpoints, which need no authorization but the token."""
        base = "/webhooks/{application}/{token}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("POST", base, self._followup),
            ("GET", f"{base}/messages/{{message}}", self._get),
            ("PATCH", f"{base}/messages/{{message}}", self._patch),
            ("DELETE", f"{base}/messages/{{message}}", self._delete),
        ]

    async def _callback(self, world: World, request: web.Request) -> Reply:
        interaction = self.by_token.get(request.match_info["token"])
        body = await read_body(request)
        if interaction is None or interaction.id != snowflake(request.match_info["interaction"]):
            raise Refusal(10062)
        took = world.clock.now() - interaction.created
        if took >= self.deadline:
            interaction.refused.append(10062)
            raise Refusal(10062)
        if interaction.response_type is not None:
            interaction.refused.append(40060)
            raise Refusal(40060)
        if interaction.channel.id not in world.channels:
            interaction.refused.append(10003)
            raise Refusal(10003)
        kind = snowflake(body.json.get("type"))
        form = Form()
        form.choice(("type",), kind, _allowed(interaction))
        form.done()
        data = inner(body, "data")
        with discord_spec.checked(_CALLBACKS[kind], body.json):
            _check_answer(interaction, kind, data)
        self._respond(interaction, kind, data)
        interaction.response_type, interaction.took = kind, took
        self.watch.changed()
        if request.query.get("with_response") not in {"1", "true"}:
            return None
        return _callback_json(world, interaction)

    def _respond(self, interaction: Interaction, kind: int, data: Body) -> None:
        world = self.world
        match kind:
            case 4:
                interaction.message = _create(interaction, data)
            case 5:
                flags = (data.json.get("flags") or 0) & EPHEMERAL
                interaction.message = _create(interaction, Body({"flags": flags}))
                interaction.message.flags |= LOADING
            case 6:
                interaction.message = interaction.source
            case 7 if interaction.source:
                discord_messages.edit(world, interaction.source, data, _EDIT)
                interaction.message = interaction.source
            case 8:
                interaction.suggestions = data.json.get("choices") or []
            case 9:
                interaction.modal = data.json

    def _find(self, request: web.Request) -> Interaction:
        if snowflake(request.match_info["application"]) != self.world.application_id:
            raise Refusal(10015)
        interaction = self.by_token.get(request.match_info["token"])
        if interaction is None:
            raise Refusal(50027)
        if self.world.clock.now() - interaction.created > self.life:
            interaction.refused.append(50027)
            raise Refusal(50027)
        if interaction.channel.id not in self.world.channels:
            interaction.refused.append(10003)
            raise Refusal(10003)
        if interaction.response_type is None:
            interaction.refused.append(10015)
            raise Refusal(10015)
        return interaction

    def _message(self, interaction: Interaction, request: web.Request) -> Message:
        if request.match_info["message"] == "@original":
            message = interaction.message
        else:
            number = snowflake(request.match_info["message"])
            message = next((m for m in interaction.messages if m.id == number), None)
        if message is None or message.id not in message.channel.messages:
            raise Refusal(10008)
        return message

    async def _followup(self, world: World, request: web.Request) -> Reply:
        interaction = self._find(request)
        body = await read_body(request)
        discord_messages.check_new(body, "IncomingWebhookRequestPartial")
        if interaction.loading and interaction.message:
            discord_messages.edit(world, interaction.message, body, _EDIT, answered=LOADING)
            self.watch.changed()
            return message_json(world, interaction.message)
        if interaction.by_user_install and len(interaction.followups) >= 5:
            interaction.refused.append(40094)
            raise Refusal(40094)
        message = _create(interaction, body)
        interaction.followups.append(message)
        self.watch.changed()
        return message_json(world, message)

    async def _get(self, world: World, request: web.Request) -> Reply:
        return message_json(world, self._message(self._find(request), request))

    async def _patch(self, world: World, request: web.Request) -> Reply:
        interaction = self._find(request)
        message = self._message(interaction, request)
        body = await read_body(request)
        discord_messages.edit(world, message, body, _EDIT, answered=LOADING)
        interaction.edits += message is interaction.message
        self.watch.changed()
        return message_json(world, message)

    async def _delete(self, world: World, request: web.Request) -> Reply:
        interaction = self._find(request)
        discord_messages.delete(world, self._message(interaction, request))
        self.watch.changed()
        return None


def _allowed(interaction: Interaction) -> tuple[int, ...]:
    if interaction.type == AUTOCOMPLETE:
        return (SUGGESTIONS,)
    kinds = (MESSAGE, DEFERRED, FORM) if interaction.type != MODAL else (MESSAGE, DEFERRED)
    if interaction.type == COMPONENT or interaction.source:
        return (*kinds, DEFERRED_UPDATE, UPDATE)
    return kinds


def _check_answer(interaction: Interaction, kind: int, data: Body) -> None:
    if kind in {MESSAGE, UPDATE}:
        kept = interaction.source.files if interaction.source and kind == UPDATE else []
        names = frozenset(file.filename for file in kept)
        check_message(data, at=("data",), kept=names)
    if kind == MESSAGE:
        check_not_empty(data)
    elif kind == SUGGESTIONS:
        form = Form()
        check_choices(form, ("data", "choices"), data.json.get("choices") or [])
        form.done()
    elif kind == FORM:
        _check_modal(data.json)


def _create(interaction: Interaction, body: Body) -> Message:
    world = interaction.world
    plain = {k: v for k, v in body.json.items() if k not in {"nonce", "enforce_nonce"}}
    return discord_messages.create(
        world,
        interaction.channel,
        world.bot,
        Body(plain, body.files),
        kind=20 if interaction.type != COMPONENT and interaction.message is None else 19,
        interaction=interaction.metadata(),
        asker=interaction.user,
        reference=_replied(interaction),
    )


def _replied(interaction: Interaction) -> int | None:
    first = interaction.message or interaction.source
    return first.id if first else None


def _callback_json(world: World, interaction: Interaction) -> Json:
    head: Json = {
        "id": str(interaction.id),
        "type": interaction.type,
        "response_message_loading": interaction.loading,
    }
    kind = interaction.response_type
    resource: Json = {"type": kind}
    message = interaction.message
    if message:
        head["response_message_id"] = str(message.id)
        head["response_message_ephemeral"] = message.ephemeral
        if kind in {MESSAGE, DEFERRED, UPDATE}:
            resource["message"] = message_json(world, message)
    answered: Json = {"interaction": head}
    if "message" in resource:
        answered["resource"] = resource
    return answered


def _check_modal(data: Json) -> None:
    form = Form()
    at = ("data",)
    form.text((*at, "title"), data.get("title"), 45, 1)
    form.text((*at, "custom_id"), data.get("custom_id"), 100, 1)
    rows = form.items((*at, "components"), data.get("components"), 5, least=1)
    for n, part in enumerate(walk(rows)):
        here = (*at, "components", n)
        if part.get("type") == LABEL:
            form.text((*here, "label"), part.get("label"), 45, 1)
        if part.get("type") == INPUT:
            form.text((*here, "custom_id"), part.get("custom_id"), 100, 1)
            form.text((*here, "value"), part.get("value"), part.get("max_length") or 4000)
    form.done()
