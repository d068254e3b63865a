"""trust-no-public: which organizations and vendors its parameters let in, and on what condition."""

from collections.abc import Iterator, Mapping, Sequence

import pytest

from tests.policies.cases.trusts import HERE, ROLE, trust
from tests.policies.protocol import MANDATORY, PACK_FOLDER, Analyzer, RunningPack

ORGANIZATION = "o-a1b2c3d4e5"
OTHER_ORGANIZATION = "o-z9y8x7w6v5"
VENDOR = "999988887777"
PARAMETERS: Mapping[str, Sequence[str]] = {
    "trustedAccounts": [HERE],
    "trustedOrganizations": [ORGANIZATION, OTHER_ORGANIZATION],
    "thirdPartyAccounts": [VENDOR],
}
STRANGER = {"AWS": "arn:aws:iam::123123123123:role/ci"}
OF_VENDOR = {"AWS": f"arn:aws:iam::{VENDOR}:root"}

EVERYBODY = "a principal is a wildcard"
UNTRUSTED = "an AWS principal isn't of a trusted account"
NO_EXTERNAL_ID = "sts:ExternalId isn't demanded of a third party"

Condition = Mapping[str, Mapping[str, object]]


def _inside(operator: str = "StringEquals", value: object = ORGANIZATION) -> Condition:
    return {operator: {"aws:PrincipalOrgID": value}}


def _identified(operator: str = "StringEquals", value: object = "a-1") -> Condition:
    return {operator: {"sts:ExternalId": value}}


@pytest.fixture(scope="module")
def trusting() -> Iterator[Analyzer]:
    """The pack with the rule's parameters set."""
    with RunningPack(PACK_FOLDER) as running:
        running.analyzer.configure({"trust-no-public": (MANDATORY, PARAMETERS)})
        yield running.analyzer


def _said(trusting: Analyzer, document: str) -> str:
    found = trusting.analyze(ROLE, {"assumeRolePolicy": document}).violations("trust-no-public")
    return "\n".join(violation.message for violation in found)


@pytest.mark.parametrize(
    ("principal", "condition"),
    [
        ("*", _inside()),
        ({"AWS": "*"}, _inside()),
        (STRANGER, _inside()),
        (STRANGER, _inside("StringEqualsIgnoreCase")),
        (STRANGER, _inside("StringLike")),
        (STRANGER, _inside(value=[ORGANIZATION, OTHER_ORGANIZATION])),
        ({"AWS": [STRANGER["AWS"], "*"]}, _inside()),
        ({**STRANGER, "Service": "ecs-tasks.amazonaws.com"}, _inside()),
        (OF_VENDOR, _identified()),
        ({"AWS": VENDOR}, _identified("StringEqualsIgnoreCase", ["a-1", "a-2"])),
        ({"AWS": [VENDOR, HERE]}, _identified("StringLike")),
        ({"AWS": HERE}, {}),
    ],
)
def test_a_trusted_organization_and_an_identified_vendor_may_assume_a_role(
    trusting: Analyzer, principal: object, condition: Condition
) -> None:
    assert _said(trusting, trust(principal, "sts:AssumeRole", **condition)) == ""


@pytest.mark.parametrize(
    ("principal", "condition", "says"),
    [
        ("*", {}, EVERYBODY),
        ("*", _identified(), EVERYBODY),
        (STRANGER, _identified(), UNTRUSTED),
        (STRANGER, {}, UNTRUSTED),
        ({"AWS": "AIDAEXAMPLEEXAMPLE"}, {}, UNTRUSTED),
        (STRANGER, _inside(value="o-0000000000"), UNTRUSTED),
        (STRANGER, _inside(value=[ORGANIZATION, "o-0000000000"]), UNTRUSTED),
        (STRANGER, _inside(value=[]), UNTRUSTED),
        (STRANGER, _inside("StringNotEquals"), UNTRUSTED),
        (STRANGER, _inside("StringEqualsIfExists"), UNTRUSTED),
        (STRANGER, _inside("ForAllValues:StringEquals"), UNTRUSTED),
        (STRANGER, {"StringEquals": {"aws:ResourceOrgID": ORGANIZATION}}, UNTRUSTED),
        ({"Service": "*"}, _inside(), EVERYBODY),
        ({"Federated": "*"}, _inside(), EVERYBODY),
        (OF_VENDOR, {}, NO_EXTERNAL_ID),
        (OF_VENDOR, _inside(), NO_EXTERNAL_ID),
        ({"AWS": [HERE, VENDOR]}, {}, NO_EXTERNAL_ID),
        (OF_VENDOR, _identified(value=[]), NO_EXTERNAL_ID),
        (OF_VENDOR, _identified(value=""), NO_EXTERNAL_ID),
        (OF_VENDOR, _identified(value=["a-1", "a-*"]), NO_EXTERNAL_ID),
        (OF_VENDOR, _identified("StringLike", "*"), NO_EXTERNAL_ID),
        (OF_VENDOR, _identified("StringNotEquals"), NO_EXTERNAL_ID),
        (OF_VENDOR, _identified("StringEqualsIfExists"), NO_EXTERNAL_ID),
        (OF_VENDOR, _identified("ForAllValues:StringEquals"), NO_EXTERNAL_ID),
    ],
)
def test_without_a_binding_condition_neither_may(
    trusting: Analyzer, principal: object, condition: Condition, says: str
) -> None:
    assert says in _said(trusting, trust(principal, "sts:AssumeRole", **condition))


def test_everybody_but_some_may_not_even_within_an_organization(
    trusting: Analyzer,
) -> None:
    document = trust({}, "sts:AssumeRole", **_inside()).replace(
        '"Principal": {}', '"NotPrincipal": {"AWS": "1"}'
    )

    assert "NotPrincipal lets everybody else" in _said(trusting, document)
