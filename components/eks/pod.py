"""Pod templates of services and jobs on EKS."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as k8s

from components.settings import TaskSettings
from components.sizes import EKS_POD_OVERHEAD_MIB, FREE_STORAGE_GIB


@dataclass(frozen=True)
class Serving:
    """What a container that serves somebody has besides.

    Attributes:
        ports: where it listens.
        readiness: the probe that says whether it takes requests.
        liveness: the probe that says whether it is healthy.
        pause: seconds for which it serves on before it is told to stop.
    """

    ports: Sequence[k8s.core.v1.ContainerPortArgs] | None = None
    readiness: k8s.core.v1.ProbeArgs | None = None
    liveness: k8s.core.v1.ProbeArgs | None = None
    pause: int = 0


def resources(task: TaskSettings) -> k8s.core.v1.ResourceRequirementsArgs:
    """Return requests for which Fargate gives exactly the size that was asked for.

    EKS adds 256 MB to a pod's memory and rounds up to the next size, so the container asks for that
    much less. Limits equal requests: Fargate gives a pod all of its size and no more.
    """
    amounts = {
        "cpu": f"{round(task.size.cpu * 1000)}m",
        "memory": f"{task.size.memory - EKS_POD_OVERHEAD_MIB}Mi",
    }
    requests = {**amounts, **_disk(task.storage)}
    return k8s.core.v1.ResourceRequirementsArgs(requests=requests, limits=amounts)


def _disk(gib: int) -> Mapping[str, str]:
    """Return the request for which Fargate gives a pod a disk of this size.

    To what is requested EKS adds a tenth, and 5 GiB for its own parts (AWS containers blog, "AWS
    Fargate adds support for larger ephemeral volumes"). No limit: all of the disk is the pod's.
    """
    if gib <= FREE_STORAGE_GIB:
        return {}
    return {"ephemeral-storage": f"{int((gib - 5) * 1024 / 1.1)}Mi"}


def pod_template(
    name: str,
    task: TaskSettings,
    *,
    image: pulumi.Input[str],
    labels: Mapping[str, str],
    annotations: Mapping[str, pulumi.Input[str]],
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
    service_account: str,
    serving: Serving | None = None,
    restart_policy: str | None = None,
) -> k8s.core.v1.PodTemplateSpecArgs:
    """Return the pods of a service or job, as the restricted pod security standard wants them.

    Args:
        name: the service's or job's, and so the container's, name.
        task: its settings.
        image: what its image is pulled by.
        labels: what selects the pods.
        annotations: of the pods; a change starts new ones.
        environment: variables that the platform adds; the settings' own win.
        secrets: Kubernetes Secrets by the variable that each gives, which is the key in it too.
        service_account: name of the account whose role the pods have.
        serving: what its container has because it serves somebody.
        restart_policy: whether its container is started again when it ends; always by default.
    """
    serving = serving or Serving()
    return k8s.core.v1.PodTemplateSpecArgs(
        metadata=k8s.meta.v1.ObjectMetaArgs(labels=labels, annotations=annotations),
        spec=k8s.core.v1.PodSpecArgs(
            service_account_name=service_account,
            automount_service_account_token=False,
            enable_service_links=False,
            restart_policy=restart_policy,
            # It includes the seconds before SIGTERM.
            termination_grace_period_seconds=serving.pause + task.stop_timeout,
            security_context=k8s.core.v1.PodSecurityContextArgs(
                run_as_non_root=True,
                run_as_user=task.user,
                run_as_group=task.user,
                fs_group=task.user,
                seccomp_profile=k8s.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
            ),
            containers=[
                _container(name, task, image, _variables(task, environment, secrets), serving)
            ],
            volumes=_volumes(task) or None,
        ),
    )


def _container(
    name: str,
    task: TaskSettings,
    image: pulumi.Input[str],
    variables: Sequence[k8s.core.v1.EnvVarArgs],
    serving: Serving,
) -> k8s.core.v1.ContainerArgs:
    return k8s.core.v1.ContainerArgs(
        name=name,
        image=image,
        args=list(task.command) or None,
        env=variables,
        ports=serving.ports,
        resources=resources(task),
        readiness_probe=serving.readiness,
        liveness_probe=serving.liveness,
        volume_mounts=[
            k8s.core.v1.VolumeMountArgs(name=_volume_name(path), mount_path=path)
            for path in sorted(task.writable_paths)
        ]
        or None,
        lifecycle=k8s.core.v1.LifecycleArgs(
            pre_stop=k8s.core.v1.LifecycleHandlerArgs(
                sleep=k8s.core.v1.SleepActionArgs(seconds=serving.pause)
            )
        )
        if serving.pause
        else None,
        security_context=k8s.core.v1.SecurityContextArgs(
            allow_privilege_escalation=False,
            privileged=False,
            read_only_root_filesystem=task.read_only_root,
            run_as_non_root=True,
            run_as_user=task.user,
            capabilities=k8s.core.v1.CapabilitiesArgs(drop=["ALL"]),
        ),
    )


def _variables(
    task: TaskSettings,
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]],
) -> Sequence[k8s.core.v1.EnvVarArgs]:
    # A secret named like a variable that the platform adds wins, as on ECS: each name stands once.
    added = {key: value for key, value in environment.items() if key not in secrets}
    plain = {**added, **task.environment}
    return [
        *(k8s.core.v1.EnvVarArgs(name=key, value=value) for key, value in sorted(plain.items())),
        *(
            k8s.core.v1.EnvVarArgs(
                name=key,
                value_from=k8s.core.v1.EnvVarSourceArgs(
                    secret_key_ref=k8s.core.v1.SecretKeySelectorArgs(name=secret, key=key)
                ),
            )
            for key, secret in sorted(secrets.items())
        ),
    ]


def _volumes(task: TaskSettings) -> list[k8s.core.v1.VolumeArgs]:
    """Folders to write in; a pod that fills one beyond its size is evicted."""
    return [
        k8s.core.v1.VolumeArgs(
            name=_volume_name(path),
            empty_dir=k8s.core.v1.EmptyDirVolumeSourceArgs(size_limit=f"{size}Mi"),
        )
        for path, size in sorted(task.writable_paths.items())
    ]


def _volume_name(path: str) -> str:
    """Return a name that Kubernetes takes: up to 63 lower-case letters, digits and hyphens."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in path.lower()).strip("-")
    digest = hashlib.sha256(path.encode()).hexdigest()[:8]
    return f"{plain[:54].rstrip('-')}-{digest}"
