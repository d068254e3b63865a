"""Finds out that ECS took a deployment back, or that a service runs nothing at all.

A deployment that fails is rolled back by ECS, and the service is steady again with the old tasks.
The provider notices that while it waits for the deployment, but not always, and in no later update:
the state already holds what was asked for (docs/decisions/0008-a-rolled-back-deployment-fails.md).
"""

import pulumi
import pulumi_aws as aws
from pulumi_aws.ecs.outputs import GetServiceDeploymentResult as Deployment


def fail_if_rolled_back(
    key: str,
    *,
    cluster: pulumi.Input[str],
    service: aws.ecs.Service,
    task_definition: pulumi.Output[str],
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """Compare what a service runs with what it was told to run, in each update.

    It is a lookup that waits for the service: it comes after the deployment, and in an update
    without one it finds an earlier deployment that was rolled back. A preview makes none: after an
    update that was interrupted before the service's turn, the service rightly runs what it ran,
    and the preview of the update that goes on from there must not fail.

    Args:
        key: where the stack file declares it, such as services.web.
        cluster: ARN of its cluster.
        service: the service.
        task_definition: ARN of the task definition that it should run.
        parent: the service's component.

    Returns:
        ARN of the task definition that runs. It fails with a `pulumi.RunError` where that is
        another one, or where no task of it runs or is about to.
    """
    if pulumi.runtime.is_dry_run():
        return task_definition
    found = aws.ecs.get_service_output(
        cluster_arn=cluster,
        service_name=service.name,
        opts=pulumi.InvokeOutputOptions(parent=parent, depends_on=[service]),
    )
    return pulumi.Output.all(found, task_definition).apply(
        lambda known: checked(key, _primary(known[0]), intended=known[1])
    )


def checked(key: str, deployment: Deployment, *, intended: str) -> str:
    """Return the task definition of a service's primary deployment where it is as intended.

    Raises:
        pulumi.RunError: it is another task definition, or all its tasks failed.
    """
    running = deployment.task_definition
    if running != intended:
        raise pulumi.RunError(
            f"{key}: the deployment of {_revision(intended)} was rolled back; ECS runs "
            f"{_revision(running)}. Its tasks didn't become healthy, or an alarm rang: the "
            "service's events and the logs of its stopped tasks say why. Deploy a version that "
            "works; to try the same one again, run pulumi refresh and then pulumi up"
        )
    if deployment.desired_count and not deployment.running_count + deployment.pending_count:
        raise pulumi.RunError(
            f"{key}: none of the {deployment.desired_count} tasks of "
            f"{_revision(running)} runs or is about to: ECS gave up on them, and there is no "
            "earlier version to go back to. The service's events and the logs of its stopped tasks "
            "say why. Deploy a version that works"
        )
    return running


def _primary(service: aws.ecs.GetServiceResult) -> Deployment:
    """Return the deployment that counts."""
    (primary,) = [one for one in service.deployments if one.status == "PRIMARY"]
    return primary


def _revision(arn: str) -> str:
    """Return family:revision of a task definition's ARN."""
    return arn.rpartition("/")[2]
