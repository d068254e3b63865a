"""Secrets of a task: referred to, read by the execution role alone, and new ones redeploy."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from components import EcsService
from components.grants import Grantable, GrantableKey, GrantableParameter, GrantableSecret
from components.settings import ParameterSettings
from tests.unit.support import programs
from tests.unit.support.cloud import CLOUD, ENVIRONMENT, lookup
from tests.unit.support.documents import containers, statements
from tests.unit.support.engine import Recorder, deploy

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/database-a1B2c3"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/url"
SECRETS = {"DB_PASSWORD": "database:password", "DB_USER": "database:user", "SHOP_URL": "shop-url"}


def web(secrets: Mapping[str, str], *, preview: bool = False, current: str = "1") -> Recorder:
    declared: dict[str, Grantable] = {
        "database": GrantableSecret.existing(ARN, ENVIRONMENT, GrantableKey(KEY)),
        "shop-url": GrantableParameter.existing(
            programs.section(ParameterSettings, {"name": "/shop/url"}), ENVIRONMENT, None
        ),
    }

    def answer(function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if function == "aws:secretsmanager/getSecretVersions:getSecretVersions":
            assert arguments == {"secretId": ARN, "region": "eu-west-1"}
            old = {"versionId": "0", "versionStages": ["AWSPREVIOUS"]}
            return {"versions": [old, {"versionId": current, "versionStages": ["AWSCURRENT"]}]}
        if function == "aws:ssm/getParameter:getParameter":
            assert arguments == {"name": "/shop/url", "withDecryption": False}
        return lookup(function, arguments)

    def program() -> None:
        cluster = programs.ecs(programs.network())
        service = programs.service(secrets=secrets)
        EcsService("web", service, cluster=cluster, grantables=declared)

    return deploy(program, replace(CLOUD, lookup=answer), preview=preview)


def test_the_container_refers_to_secrets_and_holds_none(*, preview: bool) -> None:
    (container,) = containers(web(SECRETS, preview=preview), "web-task")
    assert container["secrets"] == [
        {"name": "DB_PASSWORD", "valueFrom": f"{ARN}:password::"},
        {"name": "DB_USER", "valueFrom": f"{ARN}:user::"},
        {"name": "SHOP_URL", "valueFrom": PARAMETER},
    ]


def test_the_execution_role_reads_exactly_these(*, preview: bool) -> None:
    run = web(SECRETS, preview=preview)
    _, *reading = statements(run, "web-execution-policy")
    assert reading == [
        {"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": [ARN]},
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt"],
            "Resource": [KEY],
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:SecretARN": ARN,
                    "kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com",
                }
            },
        },
        {"Effect": "Allow", "Action": ["ssm:GetParameters"], "Resource": [PARAMETER]},
    ]


def test_the_services_own_code_may_not_read_them() -> None:
    names = [policy.name for policy in web(SECRETS).of("aws:iam/rolePolicy:RolePolicy")]
    assert "web-execution-policy" in names
    assert "web-task-policy" not in names


def test_a_new_version_of_a_secret_starts_new_tasks() -> None:
    one, other = (
        web(SECRETS, current=version).one("aws:ecs/service:Service").inputs["triggers"]
        for version in ("1", "2")
    )
    assert (one["secret DB_PASSWORD"], one["secret SHOP_URL"]) == ("1", "3")
    changed = {key for key in one if one[key] != other[key]}
    assert changed == {"secret DB_PASSWORD", "secret DB_USER"}
