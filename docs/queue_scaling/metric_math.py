"""Enough of CloudWatch's metric math to evaluate the platform's own expressions."""

from collections.abc import Mapping

Values = Mapping[str, float | None]
REPEAT = None
"""What FILL takes for the last value."""


class Missing(Exception):  # noqa: N818 - no error: an expression without a data point
    """A metric has no data point in this minute, and so the expression has none."""


def evaluate(expressions: Mapping[str, str], now: Values, last: Values) -> float | None:
    """Return the last expression's value in one minute; None where it has none.

    IF, FILL, comparisons and arithmetic read as Python, so that Python evaluates them.

    Args:
        expressions: metric math by id, each of which may use those before it.
        now: each metric in this minute; None where nothing was published.
        last: each metric's last value that was, which REPEAT fills in.
    """
    known: dict[str, _Point] = {id_: _Point(value, last.get(id_)) for id_, value in now.items()}
    value: float | None = None
    for id_, expression in expressions.items():
        try:
            names = {"IF": _if, "FILL": _fill, "REPEAT": REPEAT, **known}
            value = float(eval(expression, {"__builtins__": {}}, names))  # noqa: S307 - constants of this project
        except Missing:
            value = None
        known[id_] = _Point(value, None)
    return value


class _Point:
    """A metric's value in a minute, as something that Python can calculate with."""

    def __init__(self, value: float | None, last: float | None) -> None:
        self.value = None if value is None else float(value)
        self.last = None if last is None else float(last)

    def __float__(self) -> float:
        if self.value is None:
            raise Missing
        return self.value

    def __add__(self, other: "_Point | float") -> float:
        return float(self) + float(other)

    def __truediv__(self, other: "_Point | float") -> float:
        return float(self) / float(other)

    def __rtruediv__(self, other: float) -> float:
        return other / float(self)

    def __gt__(self, other: "_Point | float") -> bool:
        return float(self) > float(other)


def _if(condition: bool, yes: "_Point | float", no: "_Point | float") -> float:  # noqa: FBT001 - as in metric math
    return float(yes if condition else no)


def _fill(point: _Point, filler: float | None) -> float:
    if point.value is not None:
        return point.value
    if filler is REPEAT:
        if point.last is None:
            raise Missing
        return point.last
    return filler
