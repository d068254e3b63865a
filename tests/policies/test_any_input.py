"""Whatever a resource looks like, the pack answers, and repeats nothing confidential."""

import json
from dataclasses import replace
from typing import Any

from fargate_policies.models.iam_document import matches
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.policies.cases.all import CASES
from tests.policies.protocol import UNKNOWN, Analyzer, secret

quick = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
STACKS = [case.stack for case in CASES if any(resource.properties for resource in case.stack)]
CANARY = "canary-5f1d"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**31), 2**31),
    st.text(max_size=8),
    st.sampled_from([UNKNOWN, "*", "", "0.0.0.0/0", "Allow", CANARY, "{", "[]"]),
)
values: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
actions = st.sampled_from(
    ["*", "*:*", "sqs:*", "sqs:SendMessage", "iam:PassRole", "sts:AssumeRole", "s?s:*", "", "ecs:"]
)
one_or_many = st.one_of(actions, st.lists(actions, max_size=3), values)
statements = st.fixed_dictionaries(
    {},
    optional={
        "Sid": st.text(max_size=8),
        "Effect": st.one_of(st.sampled_from(["Allow", "Deny"]), values),
        "Action": one_or_many,
        "NotAction": one_or_many,
        "Resource": one_or_many,
        "NotResource": one_or_many,
        "Principal": st.one_of(
            values,
            st.dictionaries(st.sampled_from(["AWS", "Service", "Federated"]), one_or_many),
        ),
        "NotPrincipal": values,
        "Condition": st.one_of(
            values,
            st.dictionaries(
                st.sampled_from(["StringEquals", "ArnLikeIfExists", "ForAllValues:StringLike"]),
                st.one_of(
                    values,
                    st.dictionaries(
                        st.sampled_from(["aws:SourceArn", "aws:SourceAccount", "AWS:SOURCEARN"]),
                        values,
                    ),
                ),
            ),
        ),
    },
)
documents = st.fixed_dictionaries(
    {"Statement": st.one_of(statements, st.lists(statements, max_size=3), values)}
)


@quick
@given(document=documents, as_text=st.booleans())
def test_any_iam_document_is_answered(
    pack: Analyzer, document: dict[str, Any], *, as_text: bool
) -> None:
    policy = json.dumps(document) if as_text else document
    for kind, properties in (
        (ROLE, {"assumeRolePolicy": policy, "inlinePolicies": [{"policy": policy}]}),
        (ROLE_POLICY, {"policy": policy}),
        (QUEUE_POLICY, {"policy": policy}),
    ):
        said = pack.analyze(kind, properties).messages()
        assert "please report this" not in said
        assert CANARY not in said


@quick
@given(
    others=st.lists(statements, max_size=2),
    action=st.sampled_from(["*", ["*"], ["sqs:SendMessage", "*:*"], "**"]),
    resource=st.sampled_from(["*", ["*"], ["arn:aws:s3:::one", "*"]]),
    single=st.booleans(),
    indent=st.sampled_from([None, 2]),
)
def test_an_administrator_is_found_however_the_document_is_written(
    pack: Analyzer,
    others: list[Any],
    action: object,
    resource: object,
    indent: int | None,
    *,
    single: bool,
) -> None:
    everything = {"Resource": resource, "Action": action, "Effect": "Allow"}
    body = everything if single else [*others, everything]

    found = pack.analyze(ROLE_POLICY, {"policy": json.dumps({"Statement": body}, indent=indent)})

    assert found.violations("iam-no-admin")


@quick
@given(data=st.data())
def test_any_change_to_a_case_is_answered_and_no_secret_is_repeated(
    pack: Analyzer, data: st.DataObject
) -> None:
    """Some part of some case becomes something else, or something confidential."""
    case = data.draw(st.sampled_from([case for case in CASES if case.properties]))
    changed = with_change(dict(case.properties), data)

    said = pack.analyze(case.kind, changed).messages()

    assert "please report this" not in said
    assert CANARY not in said


@quick
@given(data=st.data())
def test_any_change_to_a_stack_is_answered_and_nothing_confidential_repeated(
    pack: Analyzer, data: st.DataObject
) -> None:
    """Some property of some resource of some case becomes something else."""
    stack = list(data.draw(st.sampled_from(STACKS)))
    index = data.draw(st.sampled_from([i for i, each in enumerate(stack) if each.properties]))
    changed = with_change(dict(stack[index].properties), data)
    stack[index] = replace(stack[index], properties=changed)

    said = pack.analyze_stack(stack).messages()

    assert "please report this" not in said
    assert CANARY not in said


def with_change(value: Any, data: st.DataObject) -> Any:  # noqa: ANN401 - any JSON
    """Return some JSON with one part of it, drawn by chance, replaced or added."""
    if isinstance(value, dict) and value:
        # Names are what messages call things by; everything else is confidential here.
        key = data.draw(st.sampled_from(sorted(value.keys() - {"name", "Sid"}) or [""]))
        return {**value, key: with_change(value.get(key), data)}
    if isinstance(value, list) and value:
        index = data.draw(st.integers(0, len(value) - 1))
        return [*value[:index], with_change(value[index], data), *value[index + 1 :]]
    new = data.draw(values)
    return secret(new) if data.draw(st.booleans()) else new


@quick
@given(name=st.text(max_size=20), value=st.text(min_size=3, max_size=20))
@example(name="PASSWORD", value="secret://user:" + CANARY + "@host")
def test_a_value_of_the_environment_is_never_repeated(
    pack: Analyzer, name: str, value: str
) -> None:
    hidden = f"{CANARY}{value}"
    environment = [{"name": name, "value": hidden}, {"name": "DB_PASSWORD", "value": hidden}]
    definition = json.dumps([{"name": "web", "environment": environment}])

    found = pack.analyze(
        "aws:ecs/taskDefinition:TaskDefinition", {"containerDefinitions": definition}
    )

    assert found.violations("ecs-env-secrets")
    assert CANARY not in found.messages()


@quick
@given(
    pattern=st.text("a*?:", max_size=8),
    text=st.text("aA:", max_size=8),
)
@example(pattern="*" * 40 + "b", text="a" * 40)
def test_patterns_match_as_iam_matches_them(pattern: str, text: str) -> None:
    assert matches(pattern, text) == _matches(pattern.lower(), text.lower())


def _matches(pattern: str, text: str) -> bool:
    """The definition: by cases on the first character, table-driven so that it ends."""
    reach = {0}
    for char in pattern:
        if char == "*":
            reach = {end for start in reach for end in range(start, len(text) + 1)}
        else:
            reach = {at + 1 for at in reach if at < len(text) and char in ("?", text[at])}
    return len(text) in reach
