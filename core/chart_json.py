"""A chart as JSON, as a frozen message keeps it until it is drawn."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.blocks import Bar, BarChart, Chart, DayChart, TrendChart

_KINDS: Mapping[type, str] = {BarChart: "bars", DayChart: "days", TrendChart: "trend"}


def chart_to_json(chart: Chart) -> dict[str, Any]:
    """What the chart shows, under the ``kind`` of chart that it is."""
    return {"kind": _KINDS[type(chart)], **asdict(chart)}


def chart_from_json(kept: Mapping[str, Any]) -> Chart:
    """The chart of ``chart_to_json``. Raises KeyError, TypeError and ValueError for anything else."""
    shown = dict(kept)
    kind = shown.pop("kind")
    if kind == _KINDS[BarChart]:
        return BarChart(**shown | {"bars": tuple(Bar(**bar) for bar in shown["bars"])})
    if kind == _KINDS[DayChart]:
        return _days(shown)
    if kind == _KINDS[TrendChart]:
        return TrendChart(_days(shown["whole"]), tuple(map(_days, shown["parts"])))
    raise ValueError(f"no kind of chart: {kind}")


def _days(shown: Mapping[str, Any]) -> DayChart:
    return DayChart(**{**shown, "days": tuple((day, count) for day, count in shown["days"])})
