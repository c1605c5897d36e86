"""Charts in a process of their own: matplotlib takes longer to load than a day to sort."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from multiprocessing import active_children
from typing import TYPE_CHECKING

from bot.pool import one_worker, submit

if TYPE_CHECKING:
    from core.blocks import Chart


@contextmanager
def chart_worker() -> Iterator[Executor]:
    """One process that loads what charts need while the caller does something else.

    It is ended with the block, whatever it is doing: take the results inside.
    """
    worker = one_worker()
    submit(worker, warm_up)
    try:
        yield worker
    finally:
        for child in active_children():
            child.kill()
        worker.shutdown()


def warm_up() -> None:
    """Load what drawing needs, the font among it."""
    from core.blocks import BarChart  # noqa: PLC0415

    draw(BarChart("", "", ()))


def draw(chart: "Chart", *, dark: bool = False) -> bytes:
    """``core.chart.draw_chart`` for the worker, loaded only there."""
    from core.chart import DARK, LIGHT, draw_chart  # noqa: PLC0415

    return draw_chart(chart, DARK if dark else LIGHT)
