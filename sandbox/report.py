"""The text that the sandbox prints about a stack: its tree, policies, outputs, failures."""

import json
import re
import shutil
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sandbox.console import paint
from sandbox.layout import ROOT
from sandbox.outcome import Diagnostic, Outcome, Violation
from sandbox.state import STACK_TYPE, Resource, name_of, type_of

_INDENT = "   "
_WITH_DIGITS = re.compile(r"(\D*)(\d*)")
_WIDTH = 120
_SAID_TWICE = "an unhandled error occurred: "  # the engine repeats the program's error


def tree(resources: Iterable[Resource]) -> list[str]:
    """The resource tree: a line per component, its resources below it grouped by type.

    Resources that are children of other resources count to the component they are in.
    """
    listed = [one for one in resources if not one.is_provider and not one.delete]
    by_urn = {resource.urn: resource for resource in listed}
    components: dict[str, list[Resource]] = defaultdict(list)
    leaves: dict[str, list[Resource]] = defaultdict(list)
    for resource in listed:
        if resource.type != STACK_TYPE:
            home = _component_of(resource, by_urn)
            (leaves if resource.custom else components)[home].append(resource)
    stack = next((resource for resource in listed if resource.type == STACK_TYPE), None)
    if stack is None:
        return ["(no resources)"]
    count = sum(resource.custom for resource in listed)
    head = f"{stack.name}  {count} resources in {len(listed) - count - 1} components"
    return [paint(head, "bold", sys.stdout), *_branch(stack.urn, components, leaves, "")]


def _component_of(resource: Resource, by_urn: dict[str, Resource]) -> str:
    parent = by_urn.get(resource.parent)
    while parent and parent.custom:
        parent = by_urn.get(parent.parent)
    return parent.urn if parent else resource.parent


def _branch(
    urn: str,
    components: dict[str, list[Resource]],
    leaves: dict[str, list[Resource]],
    indent: str,
) -> list[str]:
    by_type: dict[str, list[str]] = defaultdict(list)
    for leaf in leaves[urn]:
        by_type[short(leaf.type)].append(leaf.name)
    lines: list[str] = []
    for kind, names in sorted(by_type.items()):
        count = f" x{len(names)}" if len(names) > 1 else ""
        lines += _wrapped(f"{indent}{_INDENT}{kind}{count}: ", ", ".join(sorted(names, key=_order)))
    for component in sorted(components[urn], key=lambda one: _order(one.name)):
        title = paint(component.name, "bold", sys.stdout)
        lines.append(f"{indent}{_INDENT}{title}  {short(component.type)}")
        lines += _branch(component.urn, components, leaves, indent + _INDENT)
    return lines


def _order(name: str) -> list[tuple[str, int]]:
    """Sorts ``web-10`` after ``web-9``."""
    return [(text, int(digits or 0)) for text, digits in _WITH_DIGITS.findall(name)]


def short(token: str) -> str:
    """A type token without what repeats: ``aws:ec2/subnet:Subnet`` is ``ec2.Subnet``."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    module = module.partition("/")[0]
    prefix = module if package == "aws" else f"{package}.{module}"
    return f"{prefix}.{name}" if module not in {"", "index"} else f"{package}.{name}"


def policies(outcome: Outcome) -> list[str]:
    """The result of the policy packs: a line per pack, then each finding, grouped by rule."""
    packs = ", ".join(f"{name} v{version}" for name, version in outcome.packs.items()) or "none ran"
    blocking, advice = len(outcome.blocking), len(outcome.advice)
    colour = "red" if blocking else "green"
    counts = f"{blocking} mandatory {_plural('violation', blocking)}, {advice} advisory"
    lines = [f"{_title('Policies')} {packs}: {paint(counts, colour, sys.stdout)}"]
    groups: dict[tuple[str, str, str], list[Violation]] = defaultdict(list)
    for found in [*outcome.blocking, *outcome.advice]:
        groups[found.level, found.policy, found.message].append(found)
    for (level, policy, message), group in groups.items():
        mark = paint(level, "red" if level == "mandatory" else "yellow", sys.stdout)
        lines.append(f"{_INDENT}{mark} {paint(policy, 'bold', sys.stdout)}")
        lines += _wrapped(f"{_INDENT}{_INDENT}", ", ".join(one.resource for one in group))
        for line in message.splitlines():
            lines += _wrapped(f"{_INDENT}{_INDENT}", line)
    return lines


def outputs(values: dict[str, Any] | None) -> list[str]:
    """The stack's outputs, a line each."""
    if not values:
        return [f"{_title('Outputs')} none"]
    width = max(map(len, values))
    lines = [_title("Outputs")]
    for name, value in values.items():
        text = value if isinstance(value, str) else json.dumps(value)
        lines.append(f"{_INDENT}{name.ljust(width)}  {text}")
    return lines


def changes(outcome: Outcome) -> str:
    """The counts of changes in words: ``12 to create, 3 unchanged``."""
    words = {
        "create": "create",
        "update": "update",
        "delete": "delete",
        "replace": "replace",
        "same": "unchanged",
    }
    counts = [(words.get(op, op), count) for op, count in outcome.changes.items() if count]
    order = list(words.values())
    counts.sort(key=lambda item: order.index(item[0]) if item[0] in order else len(order))
    return ", ".join(f"{count} {word}" for word, count in counts) or "nothing"


def steps(outcome: Outcome) -> list[str]:
    """What a preview would change, a line per resource that changes."""
    marks = {"create": "+", "update": "~", "delete": "-", "replace": "+-", "read": ">"}
    lines = []
    for step in outcome.digest.get("steps", []):
        if step["op"] == "same" or step["op"] not in marks:
            continue
        urn = step["urn"]
        why = ", ".join(sorted(step.get("replaceReasons") or step.get("diffReasons") or []))
        because = f"  [{why}]" if why else ""
        mark = marks[step["op"]]
        lines.append(f"{_INDENT}{mark:2} {short(type_of(urn))} {name_of(urn)}{because}")
    return lines


def failure(outcome: Outcome) -> list[str]:
    """Why an operation failed, in the program's, the engine's or the providers' words."""
    if outcome.refusal is not None:
        return [outcome.refusal]
    lines = [
        _diagnostic(said, "error", "red")
        for said in outcome.errors
        if _SAID_TWICE not in said.message
    ]
    return lines or [outcome.error or "The Pulumi CLI failed without saying why."]


def warnings(outcome: Outcome) -> list[str]:
    """What an operation warned of."""
    return [_diagnostic(said, "warning", "yellow") for said in outcome.warnings]


def _diagnostic(said: Diagnostic, label: str, style: str) -> str:
    where = f"{short(type_of(said.urn))} {name_of(said.urn)}: " if said.urn else ""
    message = _own_frames(said.message.removeprefix(f"{label}: "))
    return f"{paint(label, style, sys.stderr)} {where}{message}"


def _own_frames(message: str) -> str:
    """A message without the frames of Pulumi and the sandbox above the program's own."""
    head, traceback, frames = message.partition("Traceback (most recent call last):\n")
    own = frames.find(f'  File "{ROOT / "__main__.py"}"')
    return f"{head}{traceback}{frames[own:]}" if own > 0 else message


def _wrapped(head: str, text: str) -> list[str]:
    width = min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH)
    margin = " " * (len(head) - len(head.lstrip()) + len(_INDENT))
    return textwrap.wrap(
        text,
        max(width, 60),
        initial_indent=head,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [head]


def _title(text: str) -> str:
    return paint(text, "bold", sys.stdout)


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
