"""What Step Functions makes of a JSONata expression, as https://docs.jsonata.org specifies it.

Of the language there is what this platform's definitions use. What is told apart with care is what
JSONata is known to surprise with: a sequence of one value is that value, an empty one is nothing,
and an array takes in the values of a sequence rather than the sequence. The results were compared
with those of the reference implementation, jsonata 2.0.6.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context
from typing import Any, Final

NOTHING: Final = object()
"""What a field that isn't there has, and a condition without an else."""
TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d+)?) | (?P<text>"(?:[^"\\]|\\.)*") | (?P<regex>/(?:[^/\\\n]|\\.)+/)
    | (?P<variable>\$[A-Za-z_]*) | (?P<word>[A-Za-z_]\w*)
    | (?P<sign>:=|<=|\.\.|[-+<>=?:;,.(){}\[\]]) )""",
    re.VERBOSE,
)
Scope = dict[str, Any]
Expression = Callable[[Scope], Any]


class QueryError(Exception):
    """An expression that fails, and the execution with it."""


def evaluate(text: str, states: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return the value of an expression, which stands in {% and %}.

    Args:
        text: the field of a state.
        states: what $states has, such as input, result and context.

    Raises:
        QueryError: it has no value, or fails.
    """
    if not (text.startswith("{%") and text.endswith("%}")):
        raise ValueError(f"no expression: {text}")
    parser = Parser(text[2:-2])
    expression = parser.expression()
    if parser.rest:
        raise ValueError(f"not the language: {parser.rest[:3]}")
    value = expression({"$states": states})
    if value is NOTHING:
        raise QueryError("the expression has no value")
    return value


def template(value: Any, states: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return a field of a state with all expressions in it evaluated."""
    if isinstance(value, dict):
        return {key: template(inner, states) for key, inner in value.items()}
    if isinstance(value, list):
        return [template(inner, states) for inner in value]
    is_expression = isinstance(value, str) and value.startswith("{%")
    return evaluate(value, states) if is_expression else value


@dataclass
class Sequence:
    """Values that an expression yields one by one, which isn't an array of the data."""

    values: list[Any]

    @property
    def value(self) -> Any:  # noqa: ANN401 - any JSON
        """What it is outside of the expression that yields it."""
        if len(self.values) > 1:
            return self.values
        return self.values[0] if self.values else NOTHING


class Parser:
    """A parser of expressions into functions of a scope."""

    def __init__(self, text: str) -> None:
        self.rest: list[tuple[str, str]] = []
        at = 0
        text = text.strip()
        while at < len(text):
            found = TOKEN.match(text, at)
            if not found or not found.lastgroup:
                raise ValueError(f"not the language: {text[at : at + 20]}")
            self.rest.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()

    def _next(self, *expected: str) -> bool:
        if self.rest and self.rest[0][1] in expected and self.rest[0][0] != "text":
            self.rest.pop(0)
            return True
        return False

    def _demand(self, sign: str) -> None:
        if not self._next(sign):
            raise ValueError(f"not the language: {sign} is missing before {self.rest[:3]}")

    def _listed(self, end: str, item: Callable[[], Any]) -> list[Any]:
        found = []
        while not self._next(end):
            found.append(item())
            if not self._next(","):
                self._demand(end)
                break
        return found

    def expression(self) -> Expression:
        condition = self._both()
        if not self._next("?"):
            return condition
        then = self.expression()
        otherwise = self.expression() if self._next(":") else lambda _: NOTHING
        return lambda scope: then(scope) if _truth(condition(scope)) else otherwise(scope)

    def _both(self) -> Expression:
        left = self._comparison()
        while self._next("and"):
            left = _both(left, self._comparison())
        return left

    def _comparison(self) -> Expression:
        left = self._sum()
        for sign, compare in COMPARISONS.items():
            if self._next(sign):
                return _compared(compare, left, self._sum())
        return left

    def _sum(self) -> Expression:
        left = self._path()
        while self.rest and self.rest[0][1] in ("+", "-"):
            factor = 1 if self.rest.pop(0)[1] == "+" else -1
            left = _sum(left, self._path(), factor)
        return left

    def _path(self) -> Expression:
        found = self._term()
        while self.rest and self.rest[0] in (("sign", "."), ("sign", "[")):
            if self._next("."):
                found = _field(found, self.rest.pop(0)[1])
                continue
            self._demand("[")
            found = _element(found, self.expression())
            self._demand("]")
        return found

    def _term(self) -> Expression:
        kind, text = self.rest.pop(0)
        if kind in ("number", "text"):
            literal = json.loads(text)
            return lambda _: literal
        if kind == "regex":
            pattern = re.compile(text[1:-1])
            return lambda _: pattern
        if text == "-":
            number = self._term()
            return lambda scope: -number(scope)
        if text == "function":
            return self._function()
        if kind == "variable":
            return self._variable(text)
        parsers = {"(": self._block, "[": self._array, "{": self._object}
        if text not in parsers:
            raise ValueError(f"not the language: {text}")
        return parsers[text]()

    def _variable(self, name: str) -> Expression:
        if not self._next("("):
            return lambda scope: scope[name]
        arguments = self._listed(")", self.expression)
        return lambda scope: _call(
            scope.get(name) or FUNCTIONS[name], [argument(scope) for argument in arguments]
        )

    def _function(self) -> Expression:
        self._demand("(")
        names = self._listed(")", lambda: self.rest.pop(0)[1])
        self._demand("{")
        body = self.expression()
        self._demand("}")

        def lambda_(scope: Scope) -> Callable[..., Any]:
            return lambda *given: body({**scope, **dict(zip(names, given, strict=False))})

        return lambda_

    def _block(self) -> Expression:
        steps: list[tuple[str | None, Expression]] = []
        while not self._next(")"):
            name = None
            if len(self.rest) > 1 and self.rest[1][1] == ":=":
                name = self.rest.pop(0)[1]
                self._demand(":=")
            steps.append((name, self.expression()))
            if not self._next(";"):
                self._demand(")")
                break

        def block(scope: Scope) -> Any:  # noqa: ANN401 - any JSON
            inner, value = dict(scope), NOTHING
            for name, step in steps:
                value = step(inner)
                if name:
                    inner[name] = value
            return value

        return block

    def _array(self) -> Expression:
        items: list[tuple[bool, Expression]] = []

        def item() -> None:
            literal = bool(self.rest) and self.rest[0] == ("sign", "[")
            first = self.expression()
            items.append((literal, _range(first, self.expression()) if self._next("..") else first))

        self._listed("]", item)

        def array(scope: Scope) -> list[Any]:
            found: list[Any] = []
            for literal, each in items:
                value = each(scope)
                if value is not NOTHING:
                    found += value if isinstance(value, list) and not literal else [value]
            return found

        return array

    def _object(self) -> Expression:
        def member() -> tuple[str, Expression]:
            name = json.loads(self.rest.pop(0)[1])
            self._demand(":")
            return name, self.expression()

        members = self._listed("}", member)

        def object_(scope: Scope) -> dict[str, Any]:
            values = {name: value(scope) for name, value in members}
            return {name: value for name, value in values.items() if value is not NOTHING}

        return object_


def _truth(value: object) -> bool:
    return value is not NOTHING and bool(value)


def _both(left: Expression, right: Expression) -> Expression:
    return lambda scope: _truth(left(scope)) and _truth(right(scope))


def _compared(compare: Callable[..., bool], left: Expression, right: Expression) -> Expression:
    return lambda scope: compare(left(scope), right(scope))


def _sum(left: Expression, right: Expression, factor: int) -> Expression:
    return lambda scope: left(scope) + factor * right(scope)


def _range(first: Expression, last: Expression) -> Expression:
    return lambda scope: list(range(first(scope), last(scope) + 1))


def _field(of: Expression, name: str) -> Expression:
    """Return a path's step: of an array, the field of each element that has it."""

    def field(scope: Scope) -> Any:  # noqa: ANN401 - any JSON
        value = of(scope)
        if isinstance(value, list):
            found = [one[name] for one in value if isinstance(one, dict) and name in one]
            flat = [e for one in found for e in (one if isinstance(one, list) else [one])]
            return Sequence(flat).value
        return value.get(name, NOTHING) if isinstance(value, dict) else NOTHING

    return field


def _element(of: Expression, index: Expression) -> Expression:
    """Return the element of an array; a single value is its own first."""

    def element(scope: Scope) -> Any:  # noqa: ANN401 - any JSON
        value, at = of(scope), index(scope)
        values = value if isinstance(value, list) else [value]
        return values[at] if value is not NOTHING and -len(values) <= at < len(values) else NOTHING

    return element


def _equal(left: object, right: object) -> bool:
    return left is not NOTHING and type(left) is type(right) and left == right


def _at_most(left: Any, right: Any) -> bool:  # noqa: ANN401 - numbers
    return bool(left <= right)


def _less(left: Any, right: Any) -> bool:  # noqa: ANN401 - numbers
    return bool(left < right)


def _more(left: Any, right: Any) -> bool:  # noqa: ANN401 - numbers
    return bool(left > right)


def _in(left: object, right: Any) -> bool:  # noqa: ANN401 - any JSON
    return any(_equal(left, each) for each in right)


COMPARISONS: Final = {"=": _equal, "<=": _at_most, "<": _less, ">": _more, "in": _in}


def _call(function: Callable[..., Any], arguments: list[Any]) -> Any:  # noqa: ANN401 - any JSON
    value = function(*arguments)
    return value.value if isinstance(value, Sequence) else value


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - any JSON
    if value is NOTHING:
        return []
    return value if isinstance(value, list) else [value]


def _type(value: object) -> object:
    names = {dict: "object", list: "array", str: "string", bool: "boolean"}
    if value is NOTHING:
        return NOTHING
    return "null" if value is None else names.get(type(value), "number")


def _string(value: object) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: object) -> str:
    """Write JSON as $string does: without spaces, a number with 15 digits."""
    if isinstance(value, dict):
        members = (f"{_json(key)}:{_json(inner)}" for key, inner in value.items())
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, float):
        rounded = float(Context(prec=15).create_decimal(repr(value)))
        return repr(int(rounded)) if rounded.is_integer() else repr(rounded).replace("e-0", "e-")
    return json.dumps(value, ensure_ascii=False)


def _units(text: str) -> str:
    """Return the UTF-16 code units that JSONata takes for characters, each as one."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(low + 256 * high) for low, high in zip(*[iter(encoded)] * 2, strict=True))


def _parse(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(text)
    except ValueError as error:
        raise QueryError("$parse got no JSON") from error


def _map(values: Any, function: Callable[..., Any]) -> Sequence:  # noqa: ANN401 - any JSON
    found = [function(each) for each in _list(values)]
    return Sequence([each for each in found if each is not NOTHING])


def _filter(values: Any, function: Callable[..., Any]) -> Sequence:  # noqa: ANN401 - any JSON
    return Sequence([each for each in _list(values) if _truth(function(each))])


def _reduce(values: Any, function: Callable[..., Any], first: Any) -> Any:  # noqa: ANN401 - any JSON
    found = first
    for each in _list(values):
        found = function(found, each)
    return found


FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "$abs": abs,
    "$append": lambda left, right: [*_list(left), *_list(right)],
    "$count": lambda values: len(_list(values)),
    "$filter": _filter,
    "$length": lambda text: len(_units(text)),
    "$lookup": lambda of, name: of.get(name, NOTHING),
    "$map": _map,
    "$parse": _parse,
    "$reduce": _reduce,
    "$replace": lambda text, pattern, by: pattern.sub(by, _units(text)),
    "$string": _string,
    "$sum": lambda values: sum(_list(values)),
    "$type": _type,
}
