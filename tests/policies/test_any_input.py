"""Whatever a document says, the pack answers, finds what matters, and repeats no value."""

import json
from typing import Any

from fargate_policies.models.iam_document import matches
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.policies.protocol import Analyzer
from tests.policies.variation import CANARY, values

quick = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"

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
