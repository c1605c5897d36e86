"""Buttons under a message: what a press gives back, and how they stand beside each other.

A menu is a button for each of its choices, those that are chosen with a mark.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from core.blocks import Action, Actions, Block, Choice, Choices
from core.render.tidy import one_line

# core.telegram.org/bots/api#inlinekeyboardbutton
_DATA_BYTES = 64
# PTB's InlineKeyboardMarkupLimit; Telegram does not document it.
_MOST = 100
_LONGEST_LABEL = 60
# A row is as wide as a phone shows: its buttons are equally wide, and longer labels are cut.
_ROW_WIDTH = 40
_IN_A_ROW = 3
_CHOICES_IN_A_ROW = 4
_IN_PLACE, _ASKS, _CHOSEN = "~", "*", "✓ "
_PART = re.compile(r"(?:[^\\|]|\\.)+", re.DOTALL)
_NAME = re.compile(r"((?:[^\\=]|\\.)*)=?", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Button:
    """Its label, and what Telegram sends when it is pressed."""

    text: str
    data: str


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Press:
    """What a press says: a command, and how it is to be answered (``core.blocks.Action``)."""

    command: str
    arguments: dict[str, str] = field(default_factory=dict)
    asks: str = ""
    in_place: bool = False


def encode(action: Action) -> str:
    r"""The command and its arguments: ``digest|category=cv|date=2025-07-15``.

    ``~`` before it: to be answered in place; ``|*words`` behind it: that option is asked for. Such
    a sign that belongs to a name, or a ``|``, ``=`` or ``\`` of a value, stands behind a ``\``.
    """
    mark = _IN_PLACE if action.in_place else ""
    arguments = [f"{_named(name)}={_escaped(value)}" for name, value in action.arguments]
    asked = [f"{_ASKS}{_named(action.asks.option)}"] if action.asks else []
    return "|".join((f"{mark}{_named(action.command)}", *arguments, *asked))


def decode(data: str) -> Press:
    """What the button says, whatever stands there."""
    in_place = data.startswith(_IN_PLACE)
    command, *arguments = _PART.findall(data.removeprefix(_IN_PLACE)) or [""]
    found: dict[str, str] = {}
    asks = ""
    for argument in arguments:
        if argument.startswith(_ASKS):
            asks = _plain(argument[1:])
        elif name := _NAME.match(argument):
            found[_plain(name[1])] = _plain(argument[name.end() :])
    return Press(_plain(command), found, asks, in_place)


def _named(text: str) -> str:
    return re.sub(r"[*~]", r"\\\g<0>", _escaped(text))


def _escaped(text: str) -> str:
    return re.sub(r"[\\|=]", r"\\\g<0>", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def keyboard(blocks: Sequence[Block]) -> Keyboard:
    """The buttons of all actions and choices; one that Telegram cannot carry is left out."""
    found: list[tuple[Button, ...]] = []
    left = _MOST
    for block in blocks:
        if isinstance(block, Actions | Choices):
            is_menu = isinstance(block, Choices)
            actions = _choosing(block) if isinstance(block, Choices) else block.actions
            shown = [_button(action) for action in actions if fits(action)][:left]
            left -= len(shown)
            found += _rows(shown, _CHOICES_IN_A_ROW if is_menu else _IN_A_ROW)
    return tuple(found)


def _choosing(menu: Choices) -> Iterator[Action]:
    """An action for each choice: what it would be, or what it changes where several can be."""
    for choice in (menu.none, *menu.choices):
        if choice is None:
            continue
        changes = ("-" if choice.chosen else "+") if menu.several and choice != menu.none else ""
        yield _chosen(menu, choice, f"{changes}{choice.value}")


def _chosen(menu: Choices, choice: Choice, value: str) -> Action:
    label = f"{_CHOSEN if choice.chosen else ''}{choice.label}"
    arguments = (*menu.arguments, (menu.option, value))
    return Action(label, menu.command, arguments, in_place=True)


def fits(action: Action) -> bool:
    """Whether Telegram can carry the action on a button."""
    try:
        size = len(encode(action).encode())
    except UnicodeEncodeError:
        return False
    return bool(action.command and one_line(action.label).strip()) and size <= _DATA_BYTES


def _button(action: Action) -> Button:
    label = one_line(action.label).strip()
    if len(label) > _LONGEST_LABEL:
        label = f"{label[: _LONGEST_LABEL - 1].rstrip()}…"
    return Button(label, encode(action))


def _rows(buttons: Iterable[Button], most: int) -> list[tuple[Button, ...]]:
    """As many in a row as can be read there."""
    found: list[list[Button]] = []
    for button in buttons:
        row = [*found[-1], button] if found else []
        if row and len(row) <= most and len(row) * max(map(_width, row)) <= _ROW_WIDTH:
            found[-1] = row
        else:
            found.append([button])
    return [tuple(row) for row in found]


def _width(button: Button) -> int:
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in button.text)
