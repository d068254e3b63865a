"""Small changes to a module, each of which should make a test fail.

Written here rather than taken from a library: mutmut (BSD) and cosmic-ray (MIT) are well kept, but
both start the tests anew for each mutant, which takes seconds where a rule with all its cases takes
milliseconds; neither drops a `yield`, which is how a rule speaks, nor takes a text out of a set.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Final

_DESCRIPTION: Final = frozenset(
    {"name", "description", "fix", "severity", "mandatory", "sources", "can_be_exempted_from"}
)
"""What a rule says of itself; test_pack.py is about that."""
_NOT_RUN: Final = frozenset({"annotation", "returns", "decorator_list"})
_OPPOSITE: Final = {"any": "all", "all": "any"}
_OTHERS: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}


@dataclass(frozen=True)
class Mutant:
    """A module with one change.

    Attributes:
        title: the function or variable, and the change; unique in the module.
        line: where the change is.
        code: the changed module, compiled.
    """

    title: str
    line: int
    code: CodeType


@dataclass(frozen=True)
class _Spot:
    """A node, and where it stands: in `field` of `parent`, which holds one or, by index, several.

    Attributes:
        scope: the function around it, or the module's variable that is set.
        returns_bool: whether that function is declared to return a bool.
    """

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    scope: str
    returns_bool: bool

    @contextmanager
    def holding(self, other: ast.AST) -> Iterator[None]:
        """Put another node there for a while."""
        self._put(other)
        try:
            yield
        finally:
            self._put(self.node)

    def _put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(file: Path) -> Iterator[Mutant]:
    """Yield each mutant of a module, from its top to its end."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    for spot in list(_spots(tree, "", returns_bool=False)):
        for other, change in _changes(spot):
            with spot.holding(other):
                code = compile(ast.fix_missing_locations(tree), str(file), "exec")
            title = f"{spot.scope}: {change}"
            seen[title] += 1
            if seen[title] > 1:
                title += f" ({seen[title]})"
            yield Mutant(title, getattr(spot.node, "lineno", 0), code)


def _spots(parent: ast.AST, scope: str, *, returns_bool: bool) -> Iterator[_Spot]:
    """Yield what may be changed: all but annotations, messages and what a rule says of itself."""
    for field, held in ast.iter_fields(parent):
        if field in _NOT_RUN or (field == "slice" and isinstance(held, ast.Tuple)):  # a type's
            continue
        for index, node in enumerate(held) if isinstance(held, list) else [(None, held)]:
            if not isinstance(node, ast.AST) or isinstance(node, ast.JoinedStr):
                continue
            if isinstance(node, ast.keyword) and node.arg in _DESCRIPTION:
                continue
            inner, is_bool = _scope(node, scope), returns_bool
            if isinstance(node, ast.FunctionDef):
                is_bool = isinstance(node.returns, ast.Name) and node.returns.id == "bool"
            yield _Spot(node, parent, field, index, inner, is_bool)
            yield from _spots(node, inner, returns_bool=is_bool)


def _scope(node: ast.AST, scope: str) -> str:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return f"{scope}.{node.name}" if scope else node.name
    if not scope and isinstance(node, ast.Assign | ast.AnnAssign):
        return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
    return scope


def _changes(spot: _Spot) -> Iterator[tuple[ast.AST, str]]:
    """Yield what may stand there instead, and the change in words."""
    node = spot.node
    if isinstance(node, ast.expr):
        for other in (*_decided_otherwise(spot, node), *_expressions(node)):
            yield other, f"{ast.unparse(node)} -> {ast.unparse(other)}"
        if spot.field != "slice":
            yield from _shortened(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield | ast.YieldFrom):
        # Not `pass`, by which the function might no longer be a generator.
        yield ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load()))), f"without {ast.unparse(node)}"
    elif (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or (
        isinstance(node, ast.Continue | ast.Return) and isinstance(spot.parent, ast.If)
    ):
        yield ast.Pass(), f"without {ast.unparse(node)}"


def _decided_otherwise(spot: _Spot, node: ast.expr) -> Iterator[ast.expr]:
    """Turn round what decides, where no change of the expression itself does so."""
    if isinstance(spot.parent, ast.While):
        raise NotImplementedError("a mutant of a while loop may never end: give mutants a time")
    decides = spot.field in {"test", "ifs", "guard"} or (
        isinstance(spot.parent, ast.Return) and spot.returns_bool
    )
    negated = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    if decides and not negated and not isinstance(node, ast.Compare | ast.Constant):
        yield ast.UnaryOp(ast.Not(), node)


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.BoolOp(word, parts):
            yield ast.BoolOp(ast.Or() if isinstance(word, ast.And) else ast.And(), parts)
            for rest in _without_one(parts):
                yield rest[0] if len(rest) == 1 else ast.BoolOp(word, rest)
        case ast.Compare(left, operators, right):
            for index, operator in enumerate(operators):
                for other in _OTHERS[type(operator)]:
                    others = [*operators[:index], other(), *operators[index + 1 :]]
                    yield ast.Compare(left, others, right)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Call(ast.Name(name), given, keywords) if name in _OPPOSITE:
            yield ast.Call(ast.Name(_OPPOSITE[name], ast.Load()), given, keywords)
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)


def _shortened(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Take one element out of a collection that is written down."""
    match node:
        case ast.Tuple(elements, ast.Load()) | ast.List(elements, ast.Load()):
            for gone, rest in zip(elements, _without_one(elements), strict=True):
                yield type(node)(rest, ast.Load()), f"without {ast.unparse(gone)}"
        case ast.Set(elements):
            for gone, rest in zip(elements, _without_one(elements), strict=True):
                yield _set(rest), f"without {ast.unparse(gone)}"
        case ast.Dict(keys, values):
            for index, (key, value) in enumerate(zip(keys, values, strict=True)):
                rest_of_keys, rest_of_values = list(keys), list(values)
                del rest_of_keys[index], rest_of_values[index]
                gone = ast.Dict([key], [value])
                yield ast.Dict(rest_of_keys, rest_of_values), f"without {ast.unparse(gone)[1:-1]}"


def _set(elements: list[ast.expr]) -> ast.expr:
    return ast.Set(elements) if elements else ast.Call(ast.Name("set", ast.Load()), [], [])


def _without_one(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for index in range(len(nodes)):
        yield [*nodes[:index], *nodes[index + 1 :]]
