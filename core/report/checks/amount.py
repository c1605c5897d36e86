"""An amount: one number that a text states."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """A stated number: its possible values, the step it is given to, and what it counts.

    ``step`` is the worth of its last digit (0.1 for 12.3, 10⁵ for 1.7 million); ``round_step`` that
    of its last digit that is not 0. ``hedge`` says how exact it is meant: about, over or under.
    ``kind`` is "plain", "percent", "points", "times", "share" or a unit of ``units.UNITS``: then
    values are in that unit, and ``raw`` is as written. ``bare`` says that nothing is counted by it,
    ``signed`` that a sign such as "mIoU" follows. A share made of other amounts ``covers`` those
    that begin at these places.
    """

    text: str
    start: int
    values: tuple[float, ...]
    kind: str = "plain"
    step: float = 0.0
    round_step: float = 0.0
    hedge: str = ""
    raw: float | None = None
    bare: bool = True
    signed: bool = False
    covers: tuple[int, ...] = ()
