"""Rounding: whether a number, as exactly as it is given and as it is hedged, is another one."""

import math

from core.report.checks.amount import Amount

TINY = 1e-9
_CLOSE, _HEDGED, _MULTIPLE = 0.06, 0.15, 0.34
_FINE, _ROUND, _TENTH = 100, 20, 10
_LEAST_ORDER, _MOST_ORDER = 0.6, 5.0
_SHARE, _ROUND_SHARE, _HEDGED_SHARE, _BOUND_SHARE, _NEARLY_SHARE, _WRONG_SIDE = (
    0.0102,
    0.05,
    0.08,
    0.21,
    0.12,
    0.04,
)


def equal(first: float, second: float) -> bool:
    """Whether both are the same number."""
    return math.isclose(first, second, rel_tol=TINY)


def rounds(amount: Amount, value: float, exact: float) -> bool:
    """Whether ``value``, one of the amount's, rounds ``exact``."""
    if equal(value, exact):
        return True
    if amount.hedge == "order":
        # The other value is the order itself.
        return value == amount.values[0] and _LEAST_ORDER <= exact / value <= _MOST_ORDER
    if amount.hedge == "some":
        return value <= exact < value + amount.step
    near = _HEDGED if amount.hedge else _CLOSE
    if amount.kind == "percent" and amount.step >= _TENTH and not amount.hedge:
        # "7割" is no 66%.
        near = _CLOSE / 2
    if amount.kind == "times" and amount.hedge in {"over", "under", "nearly"}:
        near = _MULTIPLE
    if not math.isclose(value, exact, rel_tol=near):
        return False
    if not amount.step:
        # Words are exact unless they say otherwise.
        return (amount.hedge == "over" and exact > value) or (
            amount.hedge in {"under", "nearly", "about"}
            and math.isclose(value, exact, rel_tol=_CLOSE)
        )
    return any(_at_step(value, exact, step, amount.hedge) for step in _steps(amount, value))


def _steps(amount: Amount, value: float) -> set[float]:
    """To what the amount may be rounded."""
    steps = {amount.step}
    # "1,700,000" for 1,723,456, but never "90" for 92.4 nor "10,000" for 12,345 without "about".
    if amount.round_step > amount.step and (
        value >= 10 * _FINE and (amount.hedge or value / amount.round_step >= 10)  # noqa: PLR2004
    ):
        steps |= {amount.round_step}
    if amount.hedge and value >= _ROUND and amount.round_step:
        steps |= {amount.round_step}
    return steps


def _at_step(value: float, exact: float, step: float, hedge: str) -> bool:
    scaled, goal = exact / step, value / step
    tiny = 1e-6
    if abs(scaled - goal) <= 0.5 + tiny:
        return True
    # "at most 1.9" is no way to say 1.8, which is as exact.
    if abs(scaled - round(scaled)) < tiny:
        return False
    return (hedge == "over" and goal <= scaled < goal + 1) or (
        hedge in {"under", "nearly"} and goal - 1 < scaled <= goal
    )


def near_share(amount: Amount, value: float, exact: float, *, stated_as_share: bool) -> bool:
    """Whether a fraction comes near enough: one in words may round a percentage, or bound it."""
    if amount.hedge == "over" and value < exact <= value * (1 + _BOUND_SHARE):
        return True
    if amount.hedge == "under" and value * (1 - _BOUND_SHARE) <= exact < value:
        return True
    if amount.hedge == "nearly" and value * (1 - _NEARLY_SHARE) <= exact < value:
        return True
    if amount.hedge in {"over", "under", "nearly"}:
        return math.isclose(value, exact, rel_tol=_WRONG_SIDE)
    if stated_as_share and not amount.hedge:
        return math.isclose(value, exact, rel_tol=_SHARE)
    return math.isclose(value, exact, rel_tol=_HEDGED_SHARE if amount.hedge else _ROUND_SHARE)
