"""Policies that others have published, as installed packages carry them: none is copied here."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from cloudsplaining.shared.constants import PRIVILEGE_ESCALATION_METHODS
from moto.iam.aws_managed_policies import aws_managed_policies_data

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Policy:
    """A policy for identities."""

    name: str
    document: Document


@dataclass(frozen=True)
class Role:
    """A role with all its policies."""

    name: str
    policies: tuple[Policy, ...]


def of_ways() -> list[Policy]:
    """Return a policy for each way that cloudsplaining knows: its actions on every resource.

    As cloudsplaining's own test of its ways makes them.
    """
    return [
        Policy(way, {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
        for way, actions in PRIVILEGE_ESCALATION_METHODS.items()
    ]


def of_the_example() -> list[Policy]:
    """Return the policies of the example account that cloudsplaining's tests and report are about.

    Bishop Fox's IAM Vulnerable, deployed, with some more. AWS's own policies are as they were then.
    """
    return list(_by_id().values())


def roles_of_the_example() -> list[Role]:
    """Return the roles of the example account that have policies."""
    kinds = ("customer_managed_policies", "inline_policies", "aws_managed_policies")
    policies = _by_id()
    roles = [
        Role(role["name"], tuple(policies[each] for kind in kinds for each in role[kind]))
        for role in _example()["roles"].values()
    ]
    return [role for role in roles if role.policies]


def of_aws() -> list[Policy]:
    """Return the policies that AWS maintains, as moto carries them."""
    return [Policy(name, entry["Document"]) for name, entry in _aws().items()]


def date_of_aws() -> str:
    """Return the day when the newest of AWS's policies was changed."""
    return max(str(entry["UpdateDate"]) for entry in _aws().values()).partition("T")[0]


@lru_cache(maxsize=1)
def _aws() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(aws_managed_policies_data)
    return loaded


@lru_cache(maxsize=1)
def _example() -> dict[str, Any]:
    script = resources.files("cloudsplaining").joinpath("output/src/sampleData.js")
    text = script.read_text(encoding="utf-8")
    example: dict[str, Any] = json.JSONDecoder().raw_decode(text[text.index("{") :])[0]
    return example


def _by_id() -> dict[str, Policy]:
    return dict(_policies())


def _policies() -> Iterator[tuple[str, Policy]]:
    example = _example()
    for kind in ("customer_managed_policies", "aws_managed_policies"):
        for key, entry in example[kind].items():
            [document] = [
                version["Document"]
                for version in entry["PolicyVersionList"]
                if version["IsDefaultVersion"]
            ]
            yield key, Policy(entry["PolicyName"], document)
    for key, entry in example["inline_policies"].items():
        yield key, Policy(entry["PolicyName"], entry["PolicyDocument"])
