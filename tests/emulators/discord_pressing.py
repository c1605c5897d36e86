"""Buttons, menus and forms as people use them, turned into INTERACTION_CREATE."""

from collections.abc import Iterator, Mapping, Sequence

from tests.emulators.discord_asking import CannotUseError, dispatch, new, resolve
from tests.emulators.discord_components import BUTTON, INPUT, LABEL, ROW, SELECT, SELECTS, walk
from tests.emulators.discord_errors import Json
from tests.emulators.discord_interaction import COMPONENT, MODAL, Interaction
from tests.emulators.discord_interactions import Interactions
from tests.emulators.discord_world import Channel, Message, Role, User, World

_CHOSEN: dict[int, type | tuple[type, ...]] = {5: User, 6: Role, 7: (User, Role), 8: Channel}


def press(home: Interactions, message: Message, wanted: str, user: User) -> Interaction:
    """The button with this custom id, or label, pressed."""
    buttons = [part for part in walk(message.components) if part["type"] == BUTTON]
    found = [b for b in buttons if wanted in {b.get("custom_id"), b.get("label")}]
    if not found:
        names = [button.get("label") or button.get("custom_id") for button in buttons]
        raise CannotUseError(f"no button {wanted!r} among {names}")
    if found[0].get("disabled") or "custom_id" not in found[0]:
        raise CannotUseError(f"the button {wanted!r} cannot be pressed")
    data = {"custom_id": found[0]["custom_id"], "component_type": BUTTON, "id": found[0]["id"]}
    return _on_message(home, message, user, data)


def select(
    home: Interactions, message: Message, wanted: str, values: Sequence[object], user: User
) -> Interaction:
    """Values chosen in the menu with this custom id or placeholder.

    A menu of texts takes values or labels, the others take users, roles or channels.
    """
    menus = [part for part in walk(message.components) if part["type"] in SELECTS]
    found = [m for m in menus if wanted in {m["custom_id"], m.get("placeholder")}]
    if not found or found[0].get("disabled"):
        raise CannotUseError(f"no menu {wanted!r} to choose from")
    menu = found[0]
    _check_count(menu, values)
    data: Json = {"custom_id": menu["custom_id"], "component_type": menu["type"], "id": menu["id"]}
    data["values"] = _chosen(home.world, menu, values, data)
    return _on_message(home, message, user, data)


def _check_count(menu: Json, values: Sequence[object]) -> None:
    least, most = menu.get("min_values"), menu.get("max_values")
    if not (1 if least is None else least) <= len(values) <= (1 if most is None else most):
        raise CannotUseError(f"{len(values)} values are too few or too many")


def _chosen(world: World, menu: Json, values: Sequence[object], data: Json) -> list[str]:
    if menu["type"] == SELECT:
        known = {name: o["value"] for o in menu["options"] for name in (o["label"], o["value"])}
        if missing := [value for value in values if value not in known]:
            raise CannotUseError(f"not in the menu: {missing}")
        return [known[value] for value in values]
    chosen = []
    for value in values:
        is_fitting = isinstance(value, _CHOSEN[menu["type"]])
        if not is_fitting or not isinstance(value, User | Role | Channel):
            raise CannotUseError(f"{value!r} cannot be chosen in this menu")
        resolve(world, value, data.setdefault("resolved", {}))
        chosen.append(str(value.id))
    return chosen


def submit(home: Interactions, asked: Interaction, values: Mapping[str, str]) -> Interaction:
    """The form that answered the interaction, filled in by label or custom id, and sent."""
    if asked.modal is None:
        raise CannotUseError(f"{asked} was not answered with a form")
    left = dict(values)
    parts = list(_filled(asked.modal["components"], left))
    if left:
        raise CannotUseError(f"not in the form: {sorted(left)}")
    data: Json = {"custom_id": asked.modal["custom_id"], "components": parts}
    interaction = new(
        home, MODAL, asked.user, asked.channel, data, by_user_install=asked.by_user_install
    )
    interaction.source = asked.source
    dispatch(home, interaction, None)
    return interaction


def _filled(components: list[Json], left: dict[str, str]) -> Iterator[Json]:
    for number, part in enumerate(components, 1):
        head = {"type": part["type"], "id": part.get("id", number)}
        if part["type"] == ROW:
            inner = [_input(one, one.get("label"), left) for one in part["components"]]
            yield head | {"components": inner}
        elif part["type"] == LABEL:
            yield head | {"component": _input(part["component"], part.get("label"), left)}
        else:
            yield head


def _input(part: Json, label: str | None, left: dict[str, str]) -> Json:
    head = {"type": part["type"], "id": part.get("id", 1), "custom_id": part["custom_id"]}
    names = [name for name in (part["custom_id"], label) if name in left]
    given = left.pop(names[0]) if names else part.get("value")
    if part["type"] == SELECT:
        known = {name: o["value"] for o in part["options"] for name in (o["label"], o["value"])}
        return head | {"values": [known[given]] if given else []}
    if part["type"] != INPUT:
        raise NotImplementedError(f"form parts of type {part['type']} are not emulated")
    text = given or ""
    if not text and part.get("required", True):
        raise CannotUseError(f"{label or part['custom_id']!r} is required")
    most = part.get("max_length") or 4000
    if text and not (part.get("min_length") or 0) <= len(text) <= most:
        raise CannotUseError(f"{label or part['custom_id']!r} is too short or too long")
    return head | {"value": text}


def _on_message(home: Interactions, message: Message, user: User, data: Json) -> Interaction:
    if message.id not in message.channel.messages:
        raise CannotUseError("the message is gone")
    if message.ephemeral and message.asker is not user:
        raise CannotUseError(f"{user.name} does not see the message")
    owners = (message.interaction or {}).get("authorizing_integration_owners", {})
    interaction = new(home, COMPONENT, user, message.channel, data, by_user_install="1" in owners)
    interaction.source = message
    dispatch(home, interaction, None)
    return interaction
