"""Types of resources that cost nothing by themselves."""

from typing import Final

# Free by themselves. What flow logs write is billed by their log group; what a listener or a
# target group carries is the load balancer's.
_FREE: Final = frozenset(
    {
        "aws:acm/certificate:Certificate",
        "aws:acm/certificateValidation:CertificateValidation",
        "aws:appautoscaling/scheduledAction:ScheduledAction",
        "aws:appautoscaling/target:Target",
        # Batch itself is free: what runs is billed by its job definition.
        "aws:batch/computeEnvironment:ComputeEnvironment",
        "aws:batch/jobQueue:JobQueue",
        "aws:batch/schedulingPolicy:SchedulingPolicy",
        "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
        # Events of AWS services are free, others billed by the bus they are put on.
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:dynamodb/resourcePolicy:ResourcePolicy",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "aws:ec2/flowLog:FlowLog",
        "aws:ec2/internetGateway:InternetGateway",
        "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation",
        "aws:ec2/route:Route",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:ec2/securityGroupRule:SecurityGroupRule",
        "aws:ec2/subnet:Subnet",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        "aws:efs/accessPoint:AccessPoint",
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        "aws:efs/mountTarget:MountTarget",
        "aws:eks/accessEntry:AccessEntry",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:eks/fargateProfile:FargateProfile",
        "aws:kms/alias:Alias",
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        # The call itself, which its function bills.
        "aws:lambda/invocation:Invocation",
        "aws:lambda/permission:Permission",
        # Records cost nothing up to 10,000 in a zone, and alias records no queries; the zone is
        # another stack's.
        "aws:route53/record:Record",
        "aws:scheduler/scheduleGroup:ScheduleGroup",
        "aws:servicediscovery/httpNamespace:HttpNamespace",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:sqs/queuePolicy:QueuePolicy",
        "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
        "aws:sqs/redrivePolicy:RedrivePolicy",
        "aws:wafv2/webAclAssociation:WebAclAssociation",
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        "docker-build:index:Image",
        "kubernetes:core/v1:ConfigMap",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:ResourceQuota",
        "kubernetes:core/v1:Secret",
        "kubernetes:core/v1:ServiceAccount",
    }
)
_FREE_PREFIXES: Final = (
    "aws:alb/listener",
    "aws:alb/targetGroup",
    "aws:iam/",
    "aws:lb/listener",
    "aws:lb/targetGroup",
    # Settings of a bucket; versions and logs are billed by theirs.
    "aws:s3/bucketLifecycleConfiguration",
    "aws:s3/bucketLogging",
    "aws:s3/bucketNotification",
    "aws:s3/bucketOwnershipControls",
    "aws:s3/bucketPolicy",
    "aws:s3/bucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning",
    "aws:vpc/securityGroup",
    "kubernetes:autoscaling/",
    "kubernetes:elbv2.k8s.aws/",
    "kubernetes:external-secrets.io/",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    "kubernetes:policy/",
    "kubernetes:rbac.authorization.k8s.io/",
    "kubernetes:vpcresources.k8s.aws/",
    "pulumi:",
    "random:",
    "tls:",
)


def is_free(kind: str) -> bool:
    """Whether resources of a type cost nothing by themselves."""
    return kind in _FREE or kind.startswith(_FREE_PREFIXES)
