"""FileSystem and what services mount of it: encrypted, with IAM, one directory to a service."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from components import EcsService, FileSystem
from components.settings import FileSystemSettings
from tests.unit.support import programs
from tests.unit.support.documents import containers, statements
from tests.unit.support.engine import UNKNOWN, Recorder
from tests.unit.support.reach import Connection, halves, reach

FILE_SYSTEM = "aws:efs/fileSystem:FileSystem"
MOUNT_TARGET = "aws:efs/mountTarget:MountTarget"
ACCESS_POINT = "aws:efs/accessPoint:AccessPoint"
POLICY = "aws:efs/fileSystemPolicy:FileSystemPolicy"
BACKUPS = "aws:efs/backupPolicy:BackupPolicy"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"

EFS = "arn:aws:elasticfilesystem:eu-west-1:111122223333"
ARN = f"{EFS}:file-system/fs-0123456789abcdef0"
EXISTING = {"arn": ARN, "securityGroupId": "sg-0123456789abcdef0"}
DATA = {"/data": {"fileSystem": "shared"}}
SRV = {"/srv/uploads": {"fileSystem": "shared", "path": "/uploads", "readOnly": True}}


def web(
    file_system: Mapping[str, object] | None = None,
    zones: int = 2,
    **settings: object,
) -> None:
    """Build a file system and a service that mounts it."""
    network = programs.network(zones=zones)
    shared = FileSystem(
        "shared",
        programs.section(FileSystemSettings, file_system or {}),
        network=network,
    )
    EcsService(
        "web",
        programs.service(**{"files": DATA, "user": 1000, **settings}),
        cluster=programs.ecs(network),
        file_systems={"shared": shared},
    )


def known(file_system: Mapping[str, object] | None = None, **settings: Any) -> Recorder:  # noqa: ANN401 - as in a stack file
    return programs.run(partial(web, file_system, **settings), preview=False)


@pytest.fixture(scope="module")
def run(*, preview: bool) -> Recorder:
    return programs.run(partial(web, files={**DATA, **SRV}), preview=preview)


def test_a_file_system_is_encrypted_and_elastic_and_moves_what_nobody_reads(run: Recorder) -> None:
    inputs = run.one(FILE_SYSTEM).inputs
    assert inputs["encrypted"] is True
    assert (inputs["throughputMode"], inputs["performanceMode"]) == ("elastic", "generalPurpose")
    assert inputs["lifecyclePolicies"] == [{"transitionToIa": "AFTER_30_DAYS"}]
    assert inputs["tags"] == {"Name": "platform-test-shared"}


def test_a_file_system_is_as_the_settings_say() -> None:
    given = {"throughput": "bursting", "infrequentAccessDays": 1, "backups": False}
    run = known(given)
    assert run.one(FILE_SYSTEM).inputs["throughputMode"] == "bursting"
    assert run.one(FILE_SYSTEM).inputs["lifecyclePolicies"] == [{"transitionToIa": "AFTER_1_DAY"}]
    assert run.one(BACKUPS).inputs["backupPolicy"] == {"status": "DISABLED"}
    never = known({"infrequentAccessDays": None}).one(FILE_SYSTEM)
    assert never.inputs["lifecyclePolicies"] == []


def test_a_file_system_is_backed_up(run: Recorder) -> None:
    assert run.one(BACKUPS).inputs["backupPolicy"] == {"status": "ENABLED"}


def test_what_it_holds_is_not_deleted_until_the_settings_allow_it(run: Recorder) -> None:
    assert run.one(FILE_SYSTEM).protected
    assert not any(run.one(type_).protected for type_ in (POLICY, BACKUPS))
    assert not known({"deletionProtection": False}).one(FILE_SYSTEM).protected


def test_each_zone_has_a_mount_target_in_its_private_subnet(run: Recorder) -> None:
    targets = run.of(MOUNT_TARGET)
    assert [target.name for target in targets] == [
        "shared-mount-target-1",
        "shared-mount-target-2",
    ]
    subnets = [target.inputs["subnetId"] for target in targets]
    assert subnets == (
        [UNKNOWN, UNKNOWN] if run.preview else ["subnet-private-1", "subnet-private-2"]
    )
    group = run.named("shared-files-group")
    assert all(target.sources["securityGroups"] == {group.urn} for target in targets)


def test_the_number_of_mount_targets_does_not_wait_for_the_subnets() -> None:
    run = programs.run(partial(web, zones=3), preview=True)
    assert len(run.of(MOUNT_TARGET)) == 3


def test_a_mount_target_is_deleted_before_another_takes_its_zone(run: Recorder) -> None:
    assert all(target.delete_before_replace for target in run.of(MOUNT_TARGET))


def test_nobody_uses_files_without_tls_an_access_point_and_a_mount_target() -> None:
    policy = json.loads(known().one(POLICY).inputs["policy"])
    found = {statement["Sid"]: statement for statement in policy["Statement"]}
    assert {sid: statement["Condition"] for sid, statement in found.items()} == {
        "WithoutTls": {"Bool": {"aws:SecureTransport": "false"}},
        "WithoutAccessPoint": {"Null": {"elasticfilesystem:AccessPointArn": "true"}},
        "WithoutMountTarget": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "false"}},
    }
    for statement in found.values():
        assert statement["Effect"] == "Deny"
        assert statement["Principal"] == {"AWS": "*"}
        assert statement["Resource"] == f"{EFS}:file-system/shared-file-system-id"
        # No more than what clients do: the next update of the policy must not be denied by it.
        assert statement["Action"] == [
            "elasticfilesystem:ClientMount",
            "elasticfilesystem:ClientRootAccess",
            "elasticfilesystem:ClientWrite",
        ]


def test_the_file_system_itself_allows_nobody_anything() -> None:
    policy = json.loads(known().one(POLICY).inputs["policy"])
    assert "Allow" not in {statement["Effect"] for statement in policy["Statement"]}


def test_a_services_user_and_directory_are_its_access_points(run: Recorder) -> None:
    data, srv = (run.named(f"web-{name}-access-point").inputs for name in ("data", "srv-uploads"))
    owner = {"ownerUid": 1000, "ownerGid": 1000, "permissions": "0750"}
    assert data["posixUser"] == srv["posixUser"] == {"uid": 1000, "gid": 1000}
    assert data["rootDirectory"] == {"path": "/web", "creationInfo": owner}
    assert srv["rootDirectory"] == {"path": "/uploads", "creationInfo": owner}
    assert all(
        point.sources["fileSystemId"] == {run.one(FILE_SYSTEM).urn}
        for point in run.of(ACCESS_POINT)
    )


def test_volumes_are_opened_over_tls_with_the_task_role_through_the_access_point(
    run: Recorder,
) -> None:
    known_ids = ["shared-file-system-id", "web-data-access-point-id"]
    file_system, access_point = [UNKNOWN, UNKNOWN] if run.preview else known_ids
    first, second = run.one(TASK).inputs["volumes"]
    assert first == {
        "name": "data",
        "efsVolumeConfiguration": {
            "fileSystemId": file_system,
            "rootDirectory": "/",
            "transitEncryption": "ENABLED",
            "authorizationConfig": {"accessPointId": access_point, "iam": "ENABLED"},
        },
    }
    assert second["name"] == "srv-uploads"


def test_the_container_sees_them_where_the_settings_say_and_a_preview_knows_it(
    run: Recorder,
) -> None:
    (container,) = containers(run, "web-task")
    assert container["mountPoints"] == [
        {"containerPath": "/data", "readOnly": False, "sourceVolume": "data"},
        {"containerPath": "/srv/uploads", "readOnly": True, "sourceVolume": "srv-uploads"},
    ]


def test_the_task_role_may_mount_and_write_through_its_own_access_points_only() -> None:
    def through(access_point: str) -> dict[str, Any]:
        arn = f"{EFS}:access-point/web-{access_point}-access-point-id"
        return {"StringEquals": {"elasticfilesystem:AccessPointArn": arn}}

    resource = [f"{EFS}:file-system/shared-file-system-id"]
    mount, write = "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"
    assert statements(known(files={**DATA, **SRV}), "web-files-policy") == [
        {
            "Effect": "Allow",
            "Action": [mount, write],
            "Resource": resource,
            "Condition": through("data"),
        },
        {
            "Effect": "Allow",
            "Action": [mount],
            "Resource": resource,
            "Condition": through("srv-uploads"),
        },
    ]


def test_ids_of_files_leave_every_other_document_known(run: Recorder) -> None:
    policies = run.of("aws:iam/rolePolicy:RolePolicy")
    unknown = {found.name for found in policies if UNKNOWN in found.inputs["policy"]}
    assert unknown == ({"web-files-policy"} if run.preview else set())
    assert run.named("web-files-policy").inputs["role"] == "platform-test-eu-west-1-web-task"


def test_the_service_reaches_the_mount_targets_and_nobody_reaches_the_service(
    run: Recorder,
) -> None:
    assert reach(run) == {
        Connection("web-group", "0.0.0.0/0", 443),
        Connection("web-group", "shared-files-group", 2049),
    }
    assert halves(run) == set()


@pytest.mark.parametrize(
    "before",
    [
        "shared-mount-target-1",
        "shared-mount-target-2",
        "shared-files-policy",
        "web-files-policy",
        "web-to-shared-egress",
        "web-to-shared-ingress",
    ],
)
def test_the_service_starts_after_and_is_deleted_before(run: Recorder, before: str) -> None:
    assert run.named(before).urn in run.one(SERVICE).dependencies


def test_a_service_without_files_has_no_volume_and_no_right_to_any(*, preview: bool) -> None:
    run = programs.run(partial(web, files={}), preview=preview)
    assert "volumes" not in run.one(TASK).inputs
    assert run.of(ACCESS_POINT) == []
    assert "web-files-policy" not in {found.name for found in run.registrations}
    assert reach(run) == {Connection("web-group", "0.0.0.0/0", 443)}


def test_of_an_existing_file_system_nothing_is_created_or_changed(*, preview: bool) -> None:
    run = programs.run(partial(web, EXISTING), preview=preview)
    for type_ in (FILE_SYSTEM, MOUNT_TARGET, POLICY, BACKUPS):
        assert run.of(type_) == []
    assert "shared-files-group" not in {found.name for found in run.registrations}


def test_an_existing_file_system_is_mounted_by_its_id_and_lets_the_service_in() -> None:
    run = known(EXISTING)
    (volume,) = run.one(TASK).inputs["volumes"]
    assert volume["efsVolumeConfiguration"]["fileSystemId"] == "fs-0123456789abcdef0"
    assert run.one(ACCESS_POINT).inputs["fileSystemId"] == "fs-0123456789abcdef0"
    (statement,) = statements(run, "web-files-policy")
    assert statement["Resource"] == [ARN]
    rule = run.named("web-to-shared-ingress").inputs
    assert rule["securityGroupId"] == "sg-0123456789abcdef0"
    assert (rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (2049, 2049, "tcp")


def test_two_directories_of_a_file_system_need_one_connection(run: Recorder) -> None:
    assert len([found for found in run.registrations if found.name == "web-to-shared-egress"]) == 1
