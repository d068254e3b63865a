"""How the properties of containers are spelled, which the AWS provider takes in any case.

It decodes the JSON of containers as Go does: `"Privileged": true` is `privileged` to it, and so to
ECS, and must be to a rule.
"""

from typing import Final

from ..core.values import Place, Value, Violation
from .json_text import parsed

_MAPS: Final = frozenset({"dockerLabels", "options"})
"""What a team names itself, in its own case."""
_NAMES: Final = """
    accessPointArn accessPointId add appProtocol assignPublicIp authorizationConfig capabilities
    command condition containerName containerPath containerPort containerPortRange containers
    cpu cpuArchitecture credentialSpecs credentialsParameter dependsOn devices disableNetworking
    dnsSearchDomains dnsServers dockerLabels dockerSecurityOptions drop efsVolumeConfiguration
    enableExecuteCommand enabled entryPoint environment environmentFiles ephemeralStorage
    essential executionRoleArn extraHosts fargatePlatformConfiguration fileSystemArn
    fileSystemId firelensConfiguration hardLimit healthCheck host hostPath hostPort hostname iam
    ignoredExitCodes image initProcessEnabled instanceType interactive interval ipAddress
    ipcMode jobRoleArn links linuxParameters logConfiguration logDriver maxComputePercent
    maxSwap memory memoryReservation mountOptions mountPoints name namespace
    networkConfiguration networkMode nvidiaMps operatingSystemFamily options permissions pidMode
    platformVersion portMappings privileged protocol pseudoTerminal readOnly
    readonlyRootFilesystem repositoryCredentials resourceRequirements restartAttemptPeriod
    restartPolicy retries rootDirectory runtimePlatform s3filesVolumeConfiguration secretOptions
    secrets sharedMemorySize sharingStrategy size sizeInGiB softLimit sourceContainer sourcePath
    sourceVolume startPeriod startTimeout stopTimeout swappiness systemControls taskProperties
    taskRoleArn timeout tmpfs transitEncryption transitEncryptionPort type ulimits user value
    valueFrom vcpus versionConsistency volumes volumesFrom workingDirectory
""".split()  # noqa: SIM905 - as a list they are 120 lines
"""All properties of ECS's container definitions, and of a job's containers and task in Batch."""
_SPELLED: Final = {name.lower(): name for name in _NAMES}


class _TwiceError(ValueError):
    """An object has a property in two spellings, of which the last one counts for AWS."""


def read(place: Place) -> Place | Violation:
    """Return the place of containers' JSON decoded, with properties spelled as ECS spells them."""
    decoded = parsed(place)
    if isinstance(decoded, Violation):
        return decoded
    try:
        return Place(_spelled(decoded.value), decoded.path)
    except _TwiceError:
        return Violation(f"{place.path}: names a property twice, in different cases")


def _spelled(value: Value) -> Value:
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    if not isinstance(value, dict):
        return value
    result: dict[str, Value] = {}
    for key, item in value.items():
        name: str = _SPELLED.get(key.lower()) or key
        if name in result:
            raise _TwiceError
        result[name] = item if name in _MAPS else _spelled(item)
    return result
