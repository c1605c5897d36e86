"""A message frozen for Telegram, as the ledger keeps it (JSON)."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.adapters.telegram_buttons import Button, Keyboard
from bot.adapters.telegram_text import Entity, Formatted
from core.blocks import Chart
from core.chart_json import chart_from_json, chart_to_json


@dataclass(frozen=True, slots=True)
class Body:
    """One message: its text, or the chart whose caption that is; ``reply`` makes no sound.

    ``chart`` is ``chart_json`` of the chart, empty for none: it is drawn when it is sent. ``asks``
    is what stands in the field of a reply that is asked for, empty where none is.
    """

    formatted: Formatted
    chart: str = ""
    keyboard: Keyboard = ()
    reply: bool = False
    asks: str = ""

    def frozen(self) -> str:
        """As JSON: ``text``, ``entities``, ``chart``, ``keyboard``, ``reply``."""
        entities = [
            {name: value for name, value in asdict(one).items() if value != ""}
            for one in self.formatted.entities
        ]
        shown = {
            "text": self.formatted.text,
            "entities": entities,
            "chart": json.loads(self.chart) if self.chart else None,
            "keyboard": [[asdict(button) for button in row] for row in self.keyboard] or None,
            "reply": self.reply,
        }
        return json.dumps(shown, ensure_ascii=False)

    @classmethod
    def thawed(cls, frozen: str) -> "Body":
        """The body of a delivery. Raises KeyError, TypeError and ValueError for another's."""
        shown = json.loads(frozen)
        return cls(
            Formatted(shown["text"], tuple(Entity(**one) for one in shown["entities"])),
            _dumped(shown["chart"]) if shown["chart"] else "",
            tuple(tuple(Button(**one) for one in row) for row in shown["keyboard"] or ()),
            shown["reply"],
        )


def chart_json(chart: Chart) -> str:
    """What the chart shows, the same words for the same chart."""
    return _dumped(chart_to_json(chart))


def chart_of(described: str) -> Chart:
    """The chart that ``chart_json`` described."""
    return chart_from_json(json.loads(described))


def _dumped(shown: dict[str, Any]) -> str:
    return json.dumps(shown, ensure_ascii=False, sort_keys=True)
