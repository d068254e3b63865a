"""A service that is granted something of every kind."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from components import Workloads
from components.grants import grant_environment, grant_statements
from components.iam import document
from components.settings.platform import GRANTABLE
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.engine import Recorder
from tests.unit.support.programs import IMAGE

PLACE = "eu-west-1:111122223333"
OTHER_PLACE = "us-west-2:444455556666"
KEY_ARN = f"arn:aws:kms:{PLACE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY_ARN = f"arn:aws:kms:{OTHER_PLACE}:key/abcd1234-12ab-34cd-56ef-1234567890ab"
SECRET_ARN = f"arn:aws:secretsmanager:{PLACE}:secret:shop/database-a1B2c3"

DECLARED: dict[str, dict[str, Any]] = {
    "queues": {
        "orders": {},
        "their-queue": {"arn": f"arn:aws:sqs:{OTHER_PLACE}:parcels", "key": "theirs"},
    },
    "topics": {
        "news": {},
        "their-topic": {"arn": f"arn:aws:sns:{OTHER_PLACE}:parcels", "key": "theirs"},
    },
    "buckets": {
        "documents": {},
        "sealed": {"key": "by-alias"},
        "their-bucket": {
            "arn": "arn:aws:s3:::team-documents",
            "account": "444455556666",
            "prefix": "reports/2026/",
            "key": "theirs",
        },
    },
    "tables": {
        "carts": {},
        "sealed-carts": {"key": "by-arn"},
        "their-table": {"arn": f"arn:aws:dynamodb:{OTHER_PLACE}:table/parcels", "key": "theirs"},
    },
    "eventBuses": {
        "shop": {},
        "sourced": {"sources": ["shop.web", "shop.api"]},
        "their-bus": {"arn": f"arn:aws:events:{OTHER_PLACE}:event-bus/default"},
    },
    "secrets": {
        "database": {"arn": SECRET_ARN},
        "sealed-database": {"arn": SECRET_ARN, "key": "by-alias"},
    },
    "parameters": {
        "host": {"name": "/shop/host"},
        "plain-host": {"name": "host", "key": "by-arn"},
        "production": {"path": "/shop/production", "key": "by-alias"},
    },
    "keys": {
        "by-arn": {"arn": KEY_ARN},
        "by-alias": {"alias": "alias/documents"},
        "theirs": {"arn": OTHER_KEY_ARN},
    },
}
"""Something of every kind: created and existing, with AWS's encryption and with a key."""

LEVELS = {section: model.levels for section, model in GRANTABLE.items()}
EVERYTHING = {name: list(LEVELS[section]) for section, names in DECLARED.items() for name in names}
"""Every level to everything that is declared."""


def deploy(grants: Mapping[str, list[str]], *, preview: bool) -> Recorder:
    """Deploy a stack in which the service web has these grants."""
    services = {"web": {"image": IMAGE, "grants": dict(grants)}}
    settings = programs.settings(**DECLARED, services=services)

    def program() -> None:
        ecs = programs.ecs(programs.network())
        Workloads("workloads", settings, environment=ENVIRONMENT, ecs=ecs, eks=None, behind=None)

    return programs.run(program, preview=preview)


def granted(
    declared: Mapping[str, object], grants: Mapping[str, list[str]], *, preview: bool
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the statements and the variables that a service with these grants gets."""
    settings = programs.settings(**declared)

    def program() -> None:
        workloads = Workloads(
            "workloads", settings, environment=ENVIRONMENT, ecs=None, eks=None, behind=None
        )
        pulumi.export("policy", document(grant_statements(grants, workloads.grantables)))
        variables = grant_environment(grants, workloads.grantables)
        pulumi.export("environment", pulumi.Output.all(**variables))

    exports: dict[str, Any] = programs.run(program, preview=preview).exports
    return json.loads(exports["policy"])["Statement"], exports["environment"]
