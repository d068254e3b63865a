"""Write a page for each rule of the policy pack: `make policy-docs`.

The rules in policies/fargate_policies/ say what and why. The examples are cases of
tests/policies/cases/, so a test puts each of them before the running pack.
"""

import inspect
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from fargate_policies.catalogue import RULES
from fargate_policies.core.rule import AnyRule, Parameter, Rule

from docs.pages import write
from docs.policies import peers
from tests.policies.cases.all import CASES
from tests.policies.cases.case import Case, Verdict
from tests.policies.protocol import UNKNOWN, StackResource

FOLDER: Final = Path(__file__).parent
MARK: Final = "<!-- Written by `make policy-docs` from policies/; changes here are lost. -->"
_KINDS: Final = {"array": "list of texts", "boolean": "true or false"}
TELLING: Final = {
    ("batch-fargate", Verdict.FAIL): "privileged, one container",
    ("batch-fargate", Verdict.PASS): "two roles, one container",
    ("ecs-capabilities", Verdict.PASS): "dropped",
    ("ecs-efs", Verdict.FAIL): "neither",
    ("ecs-efs", Verdict.PASS): "encrypted and authorized",
    ("ecs-env-secrets", Verdict.PASS): "a secret by reference",
    ("ecs-exec-guard", Verdict.PASS): "encrypted and logged",
    ("ecs-image-source", Verdict.FAIL): "latest",
    ("ecs-logging", Verdict.FAIL): "absent",
    ("ecs-platform", Verdict.FAIL): "old",
    ("ecs-unprivileged", Verdict.PASS): "off",
    ("ecs-volumes", Verdict.FAIL): "a host path",
    ("ecs-volumes", Verdict.PASS): "efs",
    ("exec-role-minimal", Verdict.FAIL): "what the program needs",
    ("exec-role-minimal", Verdict.PASS): "pull, logs and a secret",
    ("iam-assume-scoped", Verdict.PASS): "a role",
    ("iam-exec-command", Verdict.PASS): "a cluster and its tasks",
    ("iam-exposure", Verdict.PASS): "a secret",
    ("iam-kms-decrypt", Verdict.PASS): "a key",
    ("iam-passrole", Verdict.PASS): "a role to a service",
    ("iam-privesc", Verdict.FAIL): "every role to a service",
    ("iam-privesc", Verdict.PASS): "a named role to a service",
    ("iam-resource-star", Verdict.PASS): "tasks of a cluster",
    ("resource-policy-public", Verdict.PASS): "an account",
    ("task-role-unshared", Verdict.FAIL): "a role for two",
    ("task-role-unshared", Verdict.PASS): "a role each",
    ("tasks-private", Verdict.PASS): "by a NAT gateway",
}
"""Titles of cases that show more than the first one does."""
_LATER: Final = "(known after the deployment)"
_INTRODUCTION: Final = (
    "What each rule of the [policy pack](../../policies/README.md) demands, by area. A mandatory "
    "rule stops a deployment, an advisory one speaks; the pack's configuration changes both. Where "
    "the last column says yes, the rule can correct a resource instead.\n\n"
    "The examples on the pages are test cases, cut down to what a rule looks at. Documents that a "
    "resource holds as JSON texts are shown as what they hold. `madeFrom` is the engine's record "
    "of the resources that a property comes from.\n\n"
    "[What other rule sets look for](peers.md), with the rule that finds it, is a page of its own."
)


def pages() -> Mapping[str, str]:
    """Return the pages: text by file name."""
    rules = {f"{rule.name}.md": page(rule) for rule in RULES}
    return {"README.md": _index(), "peers.md": peers.page(MARK), **rules}


def _index() -> str:
    areas: dict[str, list[str]] = {}
    for rule in RULES:
        row = (
            f"| [{rule.name}]({rule.name}.md) | {rule.description} | {_level(rule)} "
            f"| {rule.severity.value} | {'yes' if _remedied(rule) else ''} |"
        )
        areas.setdefault(_module(rule).split(".")[-2], []).append(row)
    blocks = [MARK, "# Rules of the policy pack", _INTRODUCTION]
    for area, rows in areas.items():
        head = "| Rule | What holds | Level | Severity | Corrects |\n|-|-|-|-|-|"
        blocks += [f"## {area}", "\n".join([head, *rows])]
    return "\n\n".join(blocks) + "\n"


def page(rule: AnyRule) -> str:
    """Return the page of a rule."""
    blocks = [MARK, f"# {rule.name}", rule.description, *_why(rule), _facts(rule)]
    blocks += ["## Fix", rule.fix]
    blocks += ["## Sources", "\n".join(_sources(rule))]
    if rule.parameters:
        head = "| Parameter | Value | Default | |\n|-|-|-|-|"
        rows = [_parameter(key, parameter) for key, parameter in rule.parameters.items()]
        blocks += ["## Parameters", "\n".join([head, *rows])]
    failing = example(rule, Verdict.FAIL)
    passing = example(rule, Verdict.PASS, like=failing)
    for heading, case in (("A failing example", failing), ("A passing example", passing)):
        if case is None:  # a rule about the pack's configuration
            continue
        blocks += [f"## {heading}", _introduced(case), f"```json\n{_shown(case)}\n```"]
    return "\n\n".join(blocks) + "\n"


def example(rule: AnyRule, verdict: Verdict, like: Case | None = None) -> Case | None:
    """Return the case that shows most: the one in TELLING, or the first one with properties.

    None for a rule that no case is about, as it judges the pack's configuration.

    Args:
        rule: the rule.
        verdict: what it says of the case.
        like: another case, whose type it has if one of them does; else it has the commonest.
    """
    cases = [case for case in CASES if case.rule == rule.name and case.verdict is verdict]
    chosen = [case for case in cases if case.title == TELLING.get((rule.name, verdict))]
    telling = [case for case in cases if case.stack or case.properties]
    kinds = Counter(case.kind for case in telling)
    kind = like.kind if like else max(kinds, key=kinds.__getitem__, default="")
    alike = [case for case in telling if case.kind == kind]
    return next(iter([*chosen, *alike, *telling, *cases]), None)


def _module(rule: AnyRule) -> str:
    """Return the name of the module that a rule is written in."""
    return next(
        name
        for name, module in sys.modules.items()
        if name.startswith("fargate_policies.") and getattr(module, "RULE", None) is rule
    )


def _why(rule: AnyRule) -> list[str]:
    """Return the rule's reason: its module's docstring, whose first line begins with its name."""
    text = inspect.cleandoc(sys.modules[_module(rule)].__doc__ or "")
    paragraphs = text.removeprefix(f"{rule.name}: ").split("\n\n")
    lines = [" ".join(paragraph.split()) for paragraph in paragraphs]
    return [line[:1].upper() + line[1:] for line in lines if line]


def _level(rule: AnyRule) -> str:
    return "mandatory" if rule.mandatory else "advisory"


def _remedied(rule: AnyRule) -> bool:
    return isinstance(rule, Rule) and rule.remedy is not None


def _facts(rule: AnyRule) -> str:
    judged = "each resource" if isinstance(rule, Rule) else "the stack as a whole"
    types = ", ".join(f"`{kind}`" for kind in rule.types)
    remedy = "yes, at the level `remediate`" if _remedied(rule) else "no"
    return (
        f"- Level: {_level(rule)}\n- Severity: {rule.severity.value}\n- Judges: {judged}\n"
        f"- Types: {types}\n- Corrects a resource: {remedy}"
    )


def _sources(rule: AnyRule) -> Iterator[str]:
    for source in rule.sources:
        reference = f"[{source.reference}]({source.url})" if source.url else source.reference
        yield f"- {source.framework}: {reference}"


def _parameter(key: str, parameter: Parameter) -> str:
    schema = parameter.schema
    kind = _KINDS.get(schema["type"], schema["type"])
    default = json.dumps(schema["default"])
    return f"| `{key}` | {kind} | `{default}` | {schema['description']} |"


def _introduced(case: Case) -> str:
    what = "resources of one stack" if case.stack else f"inputs of `{case.kind}`"
    return f"{case.title[:1].upper()}{case.title[1:]} ({what}):"


def _shown(case: Case) -> str:
    if not case.stack:
        return json.dumps(_readable(case.properties), indent=2)
    return json.dumps([_member(resource) for resource in case.stack], indent=2)


def _member(resource: StackResource) -> dict[str, Any]:
    """Return a resource of a stack without what only AWS chooses."""
    known = {key: v for key, v in resource.properties.items() if key not in resource.computed}
    refers = {key: list(names) for key, names in resource.refers.items()}
    member = {"type": resource.type, "name": resource.name, "properties": _readable(known)}
    return {**member, "madeFrom": refers} if refers else member


def _readable(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value with the documents that it holds as JSON texts as objects."""
    if isinstance(value, Mapping):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(item) for item in value]
    if isinstance(value, str) and value[:1] in {"{", "["}:
        with suppress(ValueError, RecursionError):  # broken on purpose: shown as it is
            return _readable(json.loads(value))
    return _LATER if value == UNKNOWN else value


def main() -> None:
    """Write the pages, and remove those of rules that are gone."""
    write(FOLDER, pages())


if __name__ == "__main__":
    main()
