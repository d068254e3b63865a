"""EFS: what AWS makes up, what it can't change, what it takes once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sandbox.standins.wire import UNKNOWN
from tests.sandbox.standins.cases.efs import (
    ACCESS_POINT,
    BACKUPS,
    FILE_SYSTEM,
    GOOD,
    ID,
    MOUNT_TARGET,
    OWNER,
    POLICY,
    SUBNET,
)
from tests.sandbox.standins.conftest import AbortedError

if TYPE_CHECKING:
    from sandbox.standins.record import Record
    from tests.sandbox.standins.conftest import Client


def urn(type_: str, name: str = "shared") -> str:
    return f"urn:pulumi:dev::p::{type_}::{name}"


def test_a_file_system_has_a_dns_name_a_key_if_encrypted_and_the_name_of_its_tag(
    aws: Client,
) -> None:
    id_, state, inputs = aws.deploy(urn(FILE_SYSTEM), **GOOD[FILE_SYSTEM][0])
    assert state["dnsName"] == f"{id_}.efs.us-east-1.amazonaws.com"
    assert state["kmsKeyId"].startswith("arn:aws:kms:us-east-1:123456789012:key/")
    assert state["name"] == "shared"
    assert state["creationToken"].startswith("terraform-")
    renamed = aws.update(urn(FILE_SYSTEM), id_, state, {**inputs, "tags": {"Name": "other"}})
    assert renamed["name"] == "other"
    _, plain, _ = aws.deploy(urn(FILE_SYSTEM, "plain"))
    assert plain["kmsKeyId"] == ""
    assert plain["throughputMode"] == "bursting"


def test_ids_are_unknown_until_they_exist(aws: Client) -> None:
    inputs, _ = aws.check(urn(FILE_SYSTEM), GOOD[FILE_SYSTEM][0])
    id_, state = aws.create(urn(FILE_SYSTEM), inputs, preview=True)
    assert (id_, state["arn"], state["dnsName"]) == ("", UNKNOWN, UNKNOWN)
    later, failures = aws.check(
        urn(MOUNT_TARGET), {"fileSystemId": UNKNOWN, "subnetId": UNKNOWN, "securityGroups": UNKNOWN}
    )
    assert failures == []
    assert aws.create(urn(MOUNT_TARGET), later, preview=True)[0] == ""


def test_a_mount_target_has_an_address_an_interface_and_names(aws: Client) -> None:
    _, state, _ = aws.deploy(urn(MOUNT_TARGET), **GOOD[MOUNT_TARGET][0])
    assert state["ipAddress"].startswith("10.0.")
    assert state["networkInterfaceId"].startswith("eni-0")
    assert state["dnsName"] == f"{ID}.efs.us-east-1.amazonaws.com"
    zone = state["availabilityZoneName"]
    assert state["mountTargetDnsName"] == f"{zone}.{ID}.efs.us-east-1.amazonaws.com"
    assert state["securityGroups"] == ["sg-0123456789abcdef0"]


def test_a_subnet_takes_one_mount_target_of_a_file_system(aws: Client) -> None:
    given = {"fileSystemId": ID, "subnetId": SUBNET}
    aws.deploy(urn(MOUNT_TARGET), **given)
    with pytest.raises(AbortedError, match="MountTargetConflict"):
        aws.deploy(urn(MOUNT_TARGET, "again"), **given)
    aws.deploy(urn(MOUNT_TARGET, "other"), **{**given, "fileSystemId": "fs-0fedcba9876543210"})


def test_a_creation_token_that_is_given_is_taken_once(aws: Client) -> None:
    aws.deploy(urn(FILE_SYSTEM), creationToken="shared")
    with pytest.raises(AbortedError, match="FileSystemAlreadyExists"):
        aws.deploy(urn(FILE_SYSTEM, "again"), creationToken="shared")


@pytest.mark.parametrize("type_", GOOD)
def test_what_is_deleted_is_gone(type_: str, aws: Client, record: Record) -> None:
    id_, state, _ = aws.deploy(urn(type_), **GOOD[type_][0])
    aws.delete(urn(type_), id_, state)
    assert record.entries() == []


# Type, change, the properties that force a replacement.
CHANGES: list[tuple[str, dict[str, Any], list[str]]] = [
    (FILE_SYSTEM, {"encrypted": False}, ["encrypted"]),
    (FILE_SYSTEM, {"performanceMode": "maxIO", "throughputMode": "bursting"}, ["performanceMode"]),
    (FILE_SYSTEM, {"throughputMode": "bursting"}, []),
    (FILE_SYSTEM, {"lifecyclePolicies": []}, []),
    (MOUNT_TARGET, {"subnetId": "subnet-0fedcba9876543210"}, ["subnetId"]),
    (MOUNT_TARGET, {"securityGroups": ["sg-0fedcba9876543210"]}, []),
    (ACCESS_POINT, {"posixUser": {"uid": 1, "gid": 1000}}, ["posixUser"]),
    (
        ACCESS_POINT,
        {"rootDirectory": {"path": "/api", "creationInfo": OWNER}},
        ["rootDirectory"],
    ),
    (ACCESS_POINT, {"tags": {"a": "b"}}, []),
    (POLICY, {"policy": "{}"}, []),
    (BACKUPS, {"backupPolicy": {"status": "DISABLED"}}, []),
    (BACKUPS, {"fileSystemId": "fs-0fedcba9876543210"}, ["fileSystemId"]),
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: f"{case[0]}-{next(iter(case[1]))}")
def test_what_aws_cannot_change_is_replaced_and_the_rest_updated(
    case: tuple[str, dict[str, Any], list[str]], aws: Client
) -> None:
    type_, change, replaces = case
    olds, _ = aws.check(urn(type_), GOOD[type_][0])
    news, failures = aws.check(urn(type_), {**GOOD[type_][0], **change}, olds)
    response = aws.diff(urn(type_), olds, news)
    assert failures == []
    assert response.changes == response.DIFF_SOME
    assert list(response.replaces) == replaces
