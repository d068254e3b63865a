"""File systems and what mounts them are what EFS's API accepts."""

from typing import Any

import boto3  # type: ignore[import-untyped]  # publishes no types
import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]  # publishes no types
    ParamValidationError,
)

from tests.unit.support.engine import Recorder
from tests.unit.support.programs import platform


@pytest.fixture
def run() -> Recorder:
    return platform("files", preview=False)


@pytest.fixture
def efs() -> Any:  # noqa: ANN401 - boto3 publishes no types
    return boto3.client("efs")


def create_file_system(efs: Any, **more: object) -> str:  # noqa: ANN401 - boto3 publishes no types
    created = efs.create_file_system(CreationToken="test", **more)
    found: str = created["FileSystemId"]
    return found


def parameters(inputs: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return inputs as the API takes them: its names begin with a capital."""
    if not isinstance(inputs, dict):
        return inputs
    return {key[0].upper() + key[1:]: parameters(value) for key, value in inputs.items()}


def test_file_systems_and_what_is_set_on_them_are_accepted(run: Recorder, efs: Any) -> None:  # noqa: ANN401 - boto3
    found = run.of("aws:efs/fileSystem:FileSystem")
    assert [each.name for each in found] == ["documents-file-system", "scratch-file-system"]
    for file_system in found:
        inputs = file_system.inputs
        id_ = efs.create_file_system(
            CreationToken=file_system.name,
            Encrypted=inputs["encrypted"],
            PerformanceMode=inputs["performanceMode"],
            ThroughputMode=inputs["throughputMode"],
        )["FileSystemId"]
        policies = [
            {"TransitionToIA": each["transitionToIa"]} for each in inputs["lifecyclePolicies"]
        ]
        efs.put_lifecycle_configuration(FileSystemId=id_, LifecyclePolicies=policies)
        kept = efs.describe_lifecycle_configuration(FileSystemId=id_)["LifecyclePolicies"]
        assert kept == policies
        (policy,) = [
            each
            for each in run.of("aws:efs/fileSystemPolicy:FileSystemPolicy")
            if file_system.urn in each.sources["fileSystemId"]
        ]
        document = policy.inputs["policy"]
        efs.put_file_system_policy(FileSystemId=id_, Policy=document)
        assert efs.describe_file_system_policy(FileSystemId=id_)["Policy"] == document


def test_access_points_are_accepted_and_come_back_as_they_were_written(
    run: Recorder,
    efs: Any,  # noqa: ANN401 - boto3
) -> None:
    id_ = create_file_system(efs)
    found = run.of("aws:efs/accessPoint:AccessPoint")
    assert len(found) == 4
    for point in found:
        asked = parameters({key: point.inputs[key] for key in ("posixUser", "rootDirectory")})
        made = efs.create_access_point(ClientToken=point.name, FileSystemId=id_, **asked)
        assert made["PosixUser"] == asked["PosixUser"]
        assert made["RootDirectory"] == asked["RootDirectory"]


def test_an_access_point_with_an_unknown_key_is_refused(run: Recorder, efs: Any) -> None:  # noqa: ANN401 - boto3
    asked = parameters(run.of("aws:efs/accessPoint:AccessPoint")[0].inputs["rootDirectory"])
    asked["CreationInfo"]["Mode"] = "0750"
    with pytest.raises(ParamValidationError, match="Mode"):
        efs.create_access_point(
            ClientToken="x", FileSystemId=create_file_system(efs), RootDirectory=asked
        )
