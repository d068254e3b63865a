"""EcsCluster: Fargate only, observed, with a namespace for Service Connect and keys if asked."""

import dataclasses
import json
import re
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components import EcsCluster, Network
from components.encryption_keys import LONGEST_ALIAS, logs_statement
from components.iam import document
from components.network.guardduty import REGISTRIES, agent_statements
from components.settings import EcsSettings, NetworkSettings
from tests.unit.support import programs
from tests.unit.support.cloud import ENVIRONMENT
from tests.unit.support.documents import statements
from tests.unit.support.engine import UNKNOWN, Recorder

KEY = "aws:kms/key:Key"
ROOT = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
    "Action": "kms:*",
    "Resource": "*",
}


def built(**settings: object) -> Recorder:
    return programs.run(lambda: programs.ecs(programs.network(), **settings), preview=False)


def key_statements(run: Recorder, name: str) -> list[dict[str, Any]]:
    policy = run.one(KEY, name).inputs["policy"]
    assert policy != UNKNOWN, "the first preview doesn't know the key's policy"
    found: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return found


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(lambda: programs.ecs(programs.network()), preview=preview)


def test_the_cluster_runs_on_fargate_and_fargate_spot_and_nothing_else(run: Recorder) -> None:
    providers = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").inputs
    assert providers["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert providers["defaultCapacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "weight": 1}
    ]
    assert providers["clusterName"] == "platform-test-ecs"


def test_container_insights_sees_tasks_and_containers_by_default(run: Recorder) -> None:
    cluster = run.one("aws:ecs/cluster:Cluster").inputs
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]


def test_insights_log_group_precedes_the_cluster_that_would_make_one_that_never_forgets(
    run: Recorder,
) -> None:
    group = run.named("ecs-insights")
    assert group.inputs["name"] == "/aws/ecs/containerinsights/platform-test-ecs/performance"
    assert group.inputs["retentionInDays"] == 30
    assert run.depends(run.one("aws:ecs/cluster:Cluster"), group)


def test_services_find_each_other_in_the_clusters_own_namespace(
    run: Recorder, *, preview: bool
) -> None:
    namespace = run.one("aws:servicediscovery/httpNamespace:HttpNamespace")
    assert namespace.inputs["name"] == "platform-test-ecs"
    cluster = run.one("aws:ecs/cluster:Cluster")
    arn = UNKNOWN if preview else "arn:computed:ecs-namespace"
    assert cluster.inputs["serviceConnectDefaults"] == {"namespace": arn}


def test_retention_and_insights_are_as_the_settings_say() -> None:
    run = built(containerInsights="disabled", logRetentionDays=365)
    assert run.one("aws:ecs/cluster:Cluster").inputs["settings"][0]["value"] == "disabled"
    assert run.named("ecs-insights").inputs["retentionInDays"] == 365


def test_the_default_capacity_is_divided_as_the_settings_say() -> None:
    capacity = {"onDemand": {"base": 2}, "spot": {"weight": 3}}
    run = built(defaultCapacity=capacity)
    providers = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").inputs
    assert providers["defaultCapacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE", "base": 2, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
    ]


def test_a_provider_without_weight_is_no_part_of_the_default_capacity() -> None:
    run = built(defaultCapacity={"onDemand": {"weight": 0}, "spot": {"weight": 1}})
    providers = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders").inputs
    assert providers["defaultCapacityProviderStrategies"] == [
        {"capacityProvider": "FARGATE_SPOT", "weight": 1}
    ]
    assert providers["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]


def test_by_default_there_is_no_key_to_pay_for_and_no_configuration(run: Recorder) -> None:
    assert run.of(KEY) == []
    assert "configuration" not in run.one("aws:ecs/cluster:Cluster").inputs
    assert "tags" not in run.one("aws:ecs/cluster:Cluster").inputs


@pytest.fixture(scope="module")
def secured(*, preview: bool) -> Recorder:
    return programs.run(
        lambda: programs.ecs(
            programs.network(),
            exec={"enabled": True, "retentionDays": 365},
            ephemeralStorageEncryption="customer-managed",
        ),
        preview=preview,
    )


def test_sessions_are_encrypted_with_a_key_and_logged_to_a_group_encrypted_with_it(
    secured: Recorder, *, preview: bool
) -> None:
    group = secured.named("ecs-exec")
    key = UNKNOWN if preview else "arn:computed:ecs-exec-key"
    assert group.inputs == {
        "name": "/ecs-exec/platform-test-ecs",
        "retentionInDays": 365,
        "kmsKeyId": key,
    }
    cluster = secured.one("aws:ecs/cluster:Cluster")
    assert cluster.inputs["configuration"]["executeCommandConfiguration"] == {
        "kmsKeyId": key,
        "logging": "OVERRIDE",
        "logConfiguration": {
            "cloudWatchLogGroupName": "/ecs-exec/platform-test-ecs",
            "cloudWatchEncryptionEnabled": True,
        },
    }
    assert secured.depends(cluster, group)
    assert secured.depends(group, secured.named("ecs-exec-key"))


def test_cloudwatch_may_use_the_sessions_key_for_their_log_group_only(secured: Recorder) -> None:
    (root, logs) = key_statements(secured, "ecs-exec-key")
    assert root == ROOT
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert logs["Condition"] == {
        "ArnEquals": {
            "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:"
            "log-group:/ecs-exec/platform-test-ecs"
        }
    }


def test_in_china_cloudwatch_logs_has_a_principal_of_its_own() -> None:
    china = dataclasses.replace(ENVIRONMENT, partition="aws-cn", region="cn-north-1")
    statement = logs_statement(china, "/ecs-exec/shop")
    assert statement["Principal"] == {"Service": "logs.cn-north-1.amazonaws.com.cn"}
    (arn,) = statement["Condition"]["ArnEquals"].values()
    assert arn == "arn:aws-cn:logs:cn-north-1:111122223333:log-group:/ecs-exec/shop"


def test_tasks_disks_are_encrypted_with_the_keys_own_arn_since_fargate_takes_no_alias(
    secured: Recorder, *, preview: bool
) -> None:
    cluster = secured.one("aws:ecs/cluster:Cluster")
    storage = cluster.inputs["configuration"]["managedStorageConfiguration"]
    arn = UNKNOWN if preview else "arn:computed:ecs-storage-key"
    assert storage == {"fargateEphemeralStorageKmsKeyId": arn}
    assert secured.depends(cluster, secured.named("ecs-storage-key"))


def test_fargate_may_use_the_storage_key_for_this_cluster_only_and_grant_nothing_but_decrypt(
    secured: Recorder,
) -> None:
    root, data_key, grant = key_statements(secured, "ecs-storage-key")
    cluster = {
        "kms:EncryptionContext:aws:ecs:clusterAccount": "111122223333",
        "kms:EncryptionContext:aws:ecs:clusterName": "platform-test-ecs",
    }
    assert root == ROOT
    for statement in (data_key, grant):
        assert statement["Principal"] == {"Service": "fargate.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == cluster
    assert data_key["Action"] == "kms:GenerateDataKeyWithoutPlaintext"
    assert grant["Action"] == "kms:CreateGrant"
    only = grant["Condition"]["ForAllValues:StringEquals"]
    assert only == {"kms:GrantOperations": ["Decrypt"]}


def test_every_key_rotates_is_of_one_region_and_can_be_saved_from_deletion(
    secured: Recorder,
) -> None:
    assert {key.name for key in secured.of(KEY)} == {"ecs-exec-key", "ecs-storage-key"}
    for key in secured.of(KEY):
        assert key.inputs["enableKeyRotation"] is True
        assert key.inputs["multiRegion"] is False
        assert key.inputs["deletionWindowInDays"] == 30


def test_one_of_the_two_keys_can_be_had_alone() -> None:
    stored = built(ephemeralStorageEncryption="customer-managed")
    configuration = stored.one("aws:ecs/cluster:Cluster").inputs["configuration"]
    assert set(configuration) == {"managedStorageConfiguration"}
    entered = built(exec={"enabled": True})
    configuration = entered.one("aws:ecs/cluster:Cluster").inputs["configuration"]
    assert set(configuration) == {"executeCommandConfiguration"}
    assert [key.name for key in entered.of(KEY)] == ["ecs-exec-key"]
    assert entered.named("ecs-exec").inputs["retentionInDays"] == 90


def test_a_tasks_role_may_open_a_session_log_it_and_decrypt_it_and_the_first_preview_knows_it(
    *, preview: bool
) -> None:
    def program() -> None:
        cluster = programs.ecs(programs.network(), exec={"enabled": True})
        assert cluster.exec_statements
        aws.iam.RolePolicy("entered", role="task", policy=document(cluster.exec_statements))

    run = programs.run(program, preview=preview)
    channels, groups, streams, key = statements(run, "entered")
    assert channels["Resource"] == ["*"]
    assert all(action.startswith("ssmmessages:") for action in channels["Action"])
    assert len(channels["Action"]) == 4
    logs = "arn:aws:logs:eu-west-1:111122223333:log-group:"
    assert groups["Action"] == ["logs:DescribeLogGroups"]
    assert groups["Resource"] == [f"{logs}*"]
    assert streams["Resource"] == [f"{logs}/ecs-exec/platform-test-ecs:*"]
    assert key["Action"] == ["kms:Decrypt"]
    assert key["Resource"] == ["arn:aws:kms:eu-west-1:111122223333:key/*"]
    aliases = {"kms:ResourceAliases": "alias/platform-test-ecs-exec-key"}
    assert key["Condition"] == {"ForAnyValue:StringEquals": aliases}
    assert run.depends(run.named("entered"), run.named("ecs-exec-key-alias"))
    assert run.depends(run.named("entered"), run.named("ecs-exec"))


def test_nobody_needs_rights_for_sessions_that_the_cluster_does_not_offer() -> None:
    def program() -> None:
        cluster = programs.ecs(programs.network())
        assert cluster.exec_statements == ()
        assert cluster.agent_statements == ()
        assert cluster.exec_key is None
        assert cluster.exec_log_group is None

    programs.run(program, preview=False)


def test_execution_roles_may_pull_guarddutys_agent_from_the_regions_repository() -> None:
    def program() -> None:
        cluster = programs.ecs(programs.network(), guardDuty=True)
        aws.iam.RolePolicy("pulls", role="execution", policy=document(cluster.agent_statements))

    run = programs.run(program, preview=True)
    login, pull = statements(run, "pulls")
    assert login["Action"] == ["ecr:GetAuthorizationToken"]
    assert pull["Resource"] == [
        "arn:aws:ecr:eu-west-1:694911143906:repository/aws-guardduty-agent-fargate"
    ]
    assert run.one("aws:ecs/cluster:Cluster").inputs["tags"] == {"GuardDutyManaged": "true"}


def test_without_internet_tasks_reach_the_endpoint_that_guardduty_makes_in_the_vpc() -> None:
    ways: dict[str, list[str]] = {}

    def program() -> None:
        private = programs.network(nat="none", interfaceEndpoints="ecs", cidr="10.7.0.0/16")
        for name, network, watched in (
            ("watched", private, True),
            ("plain", private, False),
            ("open", None, True),
        ):
            inside = network or Network("open", NetworkSettings(), environment=ENVIRONMENT)
            settings = EcsSettings(guard_duty=watched)
            ways[name] = [w.name for w in EcsCluster(name, settings, network=inside).ways_out]

    programs.run(program, preview=True)
    assert ways == {
        "watched": ["endpoints", "s3", "vpc-10.7.0.0-16"],
        "plain": ["endpoints", "s3"],
        "open": ["https"],
    }


def test_a_region_without_guarddutys_agent_is_an_error_that_names_the_setting() -> None:
    nowhere = dataclasses.replace(ENVIRONMENT, region="xx-west-1")
    with pytest.raises(pulumi.RunError, match=r"ecs\.guardDuty: .*xx-west-1.*us-east-1"):
        agent_statements(nowhere)


def test_every_registry_of_guardduty_is_an_account() -> None:
    assert all(re.fullmatch(r"\d{12}", account) for account in REGISTRIES.values())
    assert len(set(REGISTRIES.values())) == len(REGISTRIES)


def test_an_alias_stays_within_kms_limit_however_long_the_project_is() -> None:
    long = dataclasses.replace(ENVIRONMENT, project="p" * 300)
    name = long.regional_name("ecs-exec-key", limit=LONGEST_ALIAS - len("alias/"))
    assert len(f"alias/{name}") == LONGEST_ALIAS
