"""Buttons under a message: what a press gives back, and how they stand beside each other."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.blocks import Action, Actions, Block
from core.render.tidy import one_line

# core.telegram.org/bots/api#inlinekeyboardbutton
_DATA_BYTES = 64
# PTB's InlineKeyboardMarkupLimit; Telegram does not document it.
_MOST = 100
_LONGEST_LABEL = 60
# A row is as wide as a phone shows: its buttons are equally wide, and longer labels are cut.
_ROW_WIDTH = 40
_IN_A_ROW = 3
_PART = re.compile(r"(?:[^\\|]|\\.)+", re.DOTALL)
_NAME = re.compile(r"((?:[^\\=]|\\.)*)=?", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Button:
    """Its label, and what Telegram sends when it is pressed."""

    text: str
    data: str


Keyboard = tuple[tuple[Button, ...], ...]


def encode(action: Action) -> str:
    r"""The command and its arguments: ``digest|category=cv|date=2025-07-15``.

    A ``|``, ``=`` or ``\`` that belongs to a name or a value stands behind a ``\``.
    """
    arguments = (f"{_escaped(name)}={_escaped(value)}" for name, value in action.arguments)
    return "|".join((_escaped(action.command), *arguments))


def decode(data: str) -> tuple[str, dict[str, str]]:
    """The command and its arguments, of whatever stands there."""
    command, *arguments = _PART.findall(data) or [""]
    found = {}
    for argument in arguments:
        if name := _NAME.match(argument):
            found[_plain(name[1])] = _plain(argument[name.end() :])
    return _plain(command), found


def _escaped(text: str) -> str:
    return re.sub(r"[\\|=]", r"\\\g<0>", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def keyboard(blocks: Sequence[Block]) -> Keyboard:
    """The buttons of all blocks of actions; an action that Telegram cannot carry is left out."""
    found: list[tuple[Button, ...]] = []
    left = _MOST
    for block in blocks:
        if isinstance(block, Actions):
            shown = [_button(action) for action in block.actions if fits(action)][:left]
            left -= len(shown)
            found += _rows(shown)
    return tuple(found)


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


def _rows(buttons: Iterable[Button]) -> list[tuple[Button, ...]]:
    """As many in a row as can be read there."""
    found: list[list[Button]] = []
    for button in buttons:
        row = [*found[-1], button] if found else []
        if row and len(row) <= _IN_A_ROW and len(row) * max(map(_width, row)) <= _ROW_WIDTH:
            found[-1] = row
        else:
            found.append([button])
    return [tuple(row) for row in found]


def _width(button: Button) -> int:
    return sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in button.text)
