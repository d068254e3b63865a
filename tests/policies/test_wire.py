"""What the engine sends is read whatever it is, and what was secret stays secret in messages."""

import json
from typing import Any

import pytest
from fargate_policies.catalogue import RULES
from fargate_policies.core.server import Servicer
from fargate_policies.core.values import UNKNOWN as NOT_KNOWN
from fargate_policies.core.values import Secret, as_integer
from fargate_policies.core.wire import SIGNATURE, plain, written
from pulumi_policy import proxy

from tests.policies.protocol import (
    REMEDIATE,
    UNKNOWN,
    Analyzer,
    StackResource,
    direct,
    secret,
)

TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
MACHINE = "aws:sfn/stateMachine:StateMachine"
PASSWORD = {"name": "DB_PASSWORD", "value": "hunter2hunter2"}
UNKNOWN_TEXTS = sorted(text for name, text in vars(proxy).items() if name.startswith("UNKNOWN_"))
ADMIN = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.fixture(scope="module")
def mending() -> Analyzer:
    """The pack in this process, where each rule corrects."""
    one = direct(Servicer("test", RULES))
    one.configure({rule.name: (REMEDIATE, {}) for rule in RULES})
    return one


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (None, None),
        (True, True),
        (3.0, 3),
        (0.5, 0.5),
        ("a", "a"),
        ([1.0, {"a": None}], [1, {"a": None}]),
        *((text, NOT_KNOWN) for text in UNKNOWN_TEXTS),
        ({"a": [UNKNOWN]}, {"a": [NOT_KNOWN]}),
        (secret({"a": ["b", 1.0, True, UNKNOWN]}), {"a": ["b", 1, True, NOT_KNOWN]}),
        ({SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "text": "a"}, NOT_KNOWN),
        ({SIGNATURE: "nobody knows it", "value": "a"}, NOT_KNOWN),
        (secret(secret("a")), "a"),
        ({SIGNATURE: secret(None)[SIGNATURE]}, None),
    ],
    ids=str,
)
def test_values_of_the_engine_are_read_into_plain_ones(sent: object, read: object) -> None:
    assert plain(sent) == read


def test_values_of_the_sdk_are_read_into_plain_ones() -> None:
    sent = proxy.unknown_checking_proxy({"a": [UNKNOWN, "b"]})
    assert plain(sent) == {"a": [NOT_KNOWN, "b"]}
    assert plain(object()) is NOT_KNOWN


@pytest.mark.parametrize("whole", ["a", 1.0, 0.5])
def test_whatever_is_secret_or_in_something_secret_is_marked(whole: object) -> None:
    assert isinstance(plain(secret(whole)), Secret)
    assert plain(secret(whole)) == whole
    [(key, [item])] = plain(secret({"a": [whole]})).items()
    assert isinstance(key, Secret)
    assert isinstance(item, Secret)
    beside = plain({"a": secret(whole), "b": whole})
    assert [isinstance(value, Secret) for value in beside.values()] == [True, False]
    assert not any(isinstance(key, Secret) for key in beside)
    assert plain(secret(value=True)) is True


def test_a_number_that_is_read_from_a_secret_text_is_secret() -> None:
    assert isinstance(as_integer(plain(secret("7"))), Secret)
    assert isinstance(as_integer(plain(secret(7))), Secret)
    assert not isinstance(as_integer("7"), Secret)


def test_an_object_in_json_is_no_mark_but_a_text_there_may_be_unknown() -> None:
    mark = secret("a")
    assert written(mark, secret=False) == mark
    found = written([{"a": UNKNOWN, "b": None}], secret=True)
    assert found == [{"a": NOT_KNOWN, "b": None}]
    assert all(isinstance(key, Secret) for key in found[0])
    assert not any(isinstance(key, Secret) for key in written({"a": 1}, secret=False))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_does_not_have_breaks_no_call(mending: Analyzer, number: float) -> None:
    odd = {"desiredCount": number, "networkConfiguration": {"assignPublicIp": True}}
    assert mending.analyze(SERVICE, odd).violations("ecs-no-public-ip")
    assert mending.remediate(SERVICE, odd).rules == []
    policy = StackResource(ROLE_POLICY, "p", {"role": "r", "policy": number})
    assert "please report this" not in mending.analyze_stack([policy]).messages()


@pytest.mark.parametrize(
    "odd",
    [
        {SIGNATURE: "nobody knows it"},
        {SIGNATURE: secret(None)[SIGNATURE]},
        {SIGNATURE: {}},
        {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17"},
    ],
    ids=str,
)
def test_a_mark_that_the_sdk_does_not_know_breaks_no_call(
    mending: Analyzer, odd: dict[str, Any]
) -> None:
    properties = {"odd": odd, "networkConfiguration": {"assignPublicIp": True}}
    assert mending.analyze(SERVICE, properties).violations("ecs-no-public-ip")
    assert mending.remediate(SERVICE, properties).rules == []
    for whole in (properties, odd):
        said = mending.analyze_stack([StackResource(SERVICE, "s", whole)]).messages()
        assert "please report this" not in said
    assert "please report this" not in mending.analyze(SERVICE, odd).messages()


@pytest.mark.parametrize(
    ("kind", "properties", "rule", "shown"),
    [
        (
            TASK,
            {"containerDefinitions": json.dumps([{"name": "tiger", "environment": [PASSWORD]}])},
            "ecs-env-secrets",
            "[0] (tiger).environment[0] (DB_PASSWORD): is named",
        ),
        (
            TASK,
            {"containerDefinitions": [{"name": "tiger", "environment": [PASSWORD]}]},
            "ecs-env-secrets",
            "[0] (tiger).environment[0] (DB_PASSWORD): is named",
        ),
        (
            ROLE_POLICY,
            {"policy": json.dumps({"Statement": [{**ADMIN, "Sid": "tiger"}]})},
            "iam-no-admin",
            "Statement[0] (tiger): ",
        ),
        (
            MACHINE,
            {
                "definition": json.dumps(
                    {
                        "States": {
                            "tiger": {
                                "Resource": "arn:aws:states:::ecs:runTask",
                                "Parameters": {
                                    "NetworkConfiguration": {
                                        "AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}
                                    }
                                },
                            }
                        }
                    }
                )
            },
            "ecs-no-public-ip",
            "States.tiger.Parameters",
        ),
    ],
    ids=["containers as JSON", "containers", "a statement", "a state"],
)
def test_a_name_is_shown_unless_it_is_secret(
    mending: Analyzer, kind: str, properties: dict[str, Any], rule: str, shown: str
) -> None:
    open_ = mending.analyze(kind, properties)
    assert shown in open_.violations(rule)[0].message
    hidden = mending.analyze(kind, {key: secret(value) for key, value in properties.items()})
    assert len(hidden.violations(rule)) == len(open_.violations(rule))
    for text in ("tiger", "DB_PASSWORD"):
        assert text not in hidden.messages()


@pytest.mark.parametrize("unknown", UNKNOWN_TEXTS)
def test_what_stands_for_an_unknown_name_in_json_is_not_shown(
    mending: Analyzer, unknown: str
) -> None:
    containers = [{"name": unknown, "environment": [PASSWORD, {"name": unknown, "value": "a"}]}]
    found = mending.analyze(TASK, {"containerDefinitions": json.dumps(containers)})
    assert found.violations("ecs-env-secrets")
    document = {"Statement": [{**ADMIN, "Sid": unknown}]}
    statement = mending.analyze(ROLE_POLICY, {"policy": json.dumps(document)})
    assert statement.undecided("iam-no-admin")
    assert unknown not in found.messages() + statement.messages()
