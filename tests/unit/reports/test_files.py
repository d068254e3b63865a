"""What file systems and disks cost, and who reaches them."""

from decimal import Decimal
from typing import Any

import pytest

from reports.cost.report import cost_report
from reports.cost.sizes import pod_disk
from reports.reach.analysis import reach_report
from tests.unit.reports.builders import exported, resource

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
BACKUPS = "aws:efs/backupPolicy:BackupPolicy"
STORED, READ, WRITTEN = (
    ("GB-month stored", Decimal("0.30")),
    ("GB read", Decimal("0.03")),
    ("GB written", Decimal("0.06")),
)
INFREQUENT = ("GB-month stored", None)
TO_INFREQUENT = [{"transitionToIa": "AFTER_30_DAYS"}]


@pytest.mark.parametrize(
    ("kind", "inputs", "billed"),
    [
        (FILE_SYSTEM, {}, [STORED]),
        (FILE_SYSTEM, {"throughputMode": "bursting"}, [STORED]),
        (FILE_SYSTEM, {"throughputMode": "elastic"}, [STORED, READ, WRITTEN]),
        (FILE_SYSTEM, {"lifecyclePolicies": TO_INFREQUENT}, [STORED, INFREQUENT]),
        (BACKUPS, {"backupPolicy": {"status": "ENABLED"}}, [INFREQUENT]),
        (BACKUPS, {"backupPolicy": {"status": "DISABLED"}}, []),
        ("aws:efs/accessPoint:AccessPoint", {}, []),
        ("aws:efs/fileSystemPolicy:FileSystemPolicy", {}, []),
        ("aws:efs/mountTarget:MountTarget", {}, []),
    ],
)
def test_files_are_billed_by_use(
    kind: str, inputs: dict[str, Any], billed: list[tuple[str, Decimal | None]]
) -> None:
    report = cost_report(exported(resource(kind, "it", inputs)))
    assert sorted(map(str, ((each.price.unit, each.price.amount) for each in report.usage))) == (
        sorted(map(str, billed))
    )
    assert report.monthly == 0
    assert not report.gaps
    elsewhere = cost_report(exported(resource(kind, "it", inputs), region="eu-west-1"))
    assert all(each.price.amount is None for each in elsewhere.usage)


def test_a_throughput_without_a_known_price_is_said() -> None:
    given = {"throughputMode": "provisioned", "provisionedThroughputInMibps": 10}
    (gap,) = cost_report(exported(resource(FILE_SYSTEM, "it", given))).gaps
    assert "provisioned throughput" in gap.reason


def pod(requests: dict[str, str], **more: object) -> dict[str, Any]:
    return {"containers": [{"resources": {"requests": requests}}], **more}


@pytest.mark.parametrize(
    ("requested", "gb"), [("51200Mi", 60), ("100Gi", 115), ("1Gi", 7), ("154Gi", 175)]
)
def test_eks_adds_a_tenth_and_five_gib_to_the_disk_that_a_pod_requests(
    requested: str, gb: int
) -> None:
    assert pod_disk(pod({"ephemeral-storage": requested})) == gb


def test_a_pod_that_requests_no_disk_has_the_free_one() -> None:
    assert pod_disk(pod({"cpu": "250m"})) == 0


def test_a_pods_disk_is_billed_above_the_free_part() -> None:
    requests = {"cpu": "250m", "memory": "256Mi"}
    selectors = [{"namespace": "apps"}]
    profile = resource("aws:eks/fargateProfile:FargateProfile", "p", {"selectors": selectors})

    def monthly(disk: dict[str, str]) -> Decimal:
        spec = {"template": {"metadata": {"labels": {}}, "spec": pod({**requests, **disk})}}
        inputs = {"metadata": {"name": "api", "namespace": "apps"}, "spec": spec}
        deployment = resource("kubernetes:apps/v1:Deployment", "api", inputs)
        return cost_report(exported(profile, deployment)).monthly

    more = monthly({"ephemeral-storage": "51200Mi"}) - monthly({})
    assert more == 40 * Decimal("0.000111") * 730


def test_a_mount_target_is_reached_by_what_may_open_nfs_to_its_group() -> None:
    group = "aws:ec2/securityGroup:SecurityGroup"
    rule = {"ipProtocol": "tcp", "fromPort": 2049, "toPort": 2049}
    out = {**rule, "securityGroupId": "sg-web", "referencedSecurityGroupId": "sg-files"}
    into = {**rule, "securityGroupId": "sg-files", "referencedSecurityGroupId": "sg-web"}
    service = {"name": "web", "networkConfiguration": {"securityGroups": ["sg-web"]}}
    stack = exported(
        resource(group, "web-group", id="sg-web"),
        resource(group, "files-group", id="sg-files"),
        resource("aws:ecs/service:Service", "web", service),
        resource("aws:efs/mountTarget:MountTarget", "target", {"securityGroups": ["sg-files"]}),
        resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "out", out),
        resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in", into),
    )
    assert [(pair.source, pair.target, str(pair.ports)) for pair in reach_report(stack).pairs] == [
        ("ECS service web", "EFS mount target target", "tcp 2049")
    ]
