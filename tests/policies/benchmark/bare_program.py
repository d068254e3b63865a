"""The benchmark's Pulumi program: about as many resources as configured."""

import json

import pulumi
import pulumi_aws as aws

RESOURCES_OF_A_SERVICE = 9
ACCOUNT = "123456789012"
PREFIX = f"arn:aws:{{}}:eu-west-1:{ACCOUNT}"


def document(action: str, resource: str) -> str:
    """Return an IAM document that allows one action."""
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role(name: str, action: str, resource: str) -> str:
    """Make a role for tasks, with one policy; return its ARN, which is known from its name."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnLike": {"aws:SourceArn": f"{PREFIX.format('ecs')}:*"},
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
        },
    }
    aws.iam.Role(
        f"{name}-role",
        name=name,
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    aws.iam.RolePolicy(f"{name}-policy", role=name, policy=document(action, resource))
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def service(name: str) -> None:
    """Make a service and what belongs to it."""
    group = f"{PREFIX.format('logs')}:log-group:/ecs/{name}:*"
    logs = aws.cloudwatch.LogGroup(f"{name}-logs", name=f"/ecs/{name}", retention_in_days=7)
    execution = role(f"{name}-execution", "logs:PutLogEvents", group)
    own = role(f"{name}-task", "sqs:SendMessage", f"{PREFIX.format('sqs')}:{name}")
    groups = aws.ec2.SecurityGroup(f"{name}-group", vpc_id="vpc-12345678", description=name)
    aws.vpc.SecurityGroupEgressRule(
        f"{name}-egress",
        security_group_id=groups.id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        cidr_ipv4="10.0.0.0/16",
    )
    container = {
        "name": name,
        "image": "public.ecr.aws/docker/library/python:3.13-slim",
        "user": "1000",
        "readonlyRootFilesystem": True,
        "environment": [{"name": f"SETTING_{number}", "value": "x" * 20} for number in range(10)],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": f"/ecs/{name}",
                "awslogs-region": "eu-west-1",
                "awslogs-stream-prefix": name,
            },
        },
    }
    task = aws.ecs.TaskDefinition(
        f"{name}-task",
        family=name,
        cpu="256",
        memory="512",
        network_mode="awsvpc",
        requires_compatibilities=["FARGATE"],
        execution_role_arn=execution,
        task_role_arn=own,
        container_definitions=json.dumps([container]),
        opts=pulumi.ResourceOptions(depends_on=[logs]),
    )
    aws.ecs.Service(
        f"{name}-service",
        name=name,
        cluster=f"{PREFIX.format('ecs')}:cluster/shared",
        task_definition=task.arn,
        desired_count=1,
        launch_type="FARGATE",
        platform_version="LATEST",
        enable_execute_command=False,
        network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
            subnets=["subnet-12345678"], security_groups=[groups.id], assign_public_ip=False
        ),
    )


resources = pulumi.Config("bench").require_int("resources")
for number in range(round(resources / RESOURCES_OF_A_SERVICE)):
    service(f"service-{number}")
