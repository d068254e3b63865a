"""All resource types with knowledge of their own, and what is assumed of any other AWS type."""

from __future__ import annotations

import functools

from sandbox.standins.aws.kinds import Facts, Kind
from sandbox.standins.aws.services import (
    acm,
    appautoscaling,
    batch,
    batch_jobs,
    cloudwatch,
    dynamodb,
    ec2,
    ecr,
    ecs,
    efs,
    eks,
    elbv2,
    endpoints,
    event_rules,
    events,
    iam,
    kms,
    lambda_functions,
    messaging,
    metric_filters,
    pipes,
    pull_through,
    route53,
    s3,
    scheduler,
    security_groups,
    sfn,
    sns,
    wafv2,
)

KINDS: dict[str, Kind] = {
    **ec2.KINDS,
    **endpoints.KINDS,
    **security_groups.KINDS,
    **iam.KINDS,
    **kms.KINDS,
    **messaging.KINDS,
    **metric_filters.KINDS,
    **elbv2.KINDS,
    **ecr.KINDS,
    **pull_through.KINDS,
    **ecs.KINDS,
    **appautoscaling.KINDS,
    **efs.KINDS,
    **eks.KINDS,
    **s3.KINDS,
    **sns.KINDS,
    **dynamodb.KINDS,
    **events.KINDS,
    **acm.KINDS,
    **route53.KINDS,
    **wafv2.KINDS,
    **scheduler.KINDS,
    **event_rules.KINDS,
    **pipes.KINDS,
    **sfn.KINDS,
    **lambda_functions.KINDS,
    **batch.KINDS,
    **batch_jobs.KINDS,
    **cloudwatch.KINDS,
}

# The older module names of Elastic Load Balancing stay valid tokens.
_RENAMED = {"aws:alb/": "aws:lb/", "aws:elasticloadbalancingv2/": "aws:lb/"}


@functools.cache
def kind(type_: str) -> Kind:
    """What is known of a type; for one that isn't listed, the common case of AWS resources."""
    for old, new in _RENAMED.items():
        type_ = type_.replace(old, new)
    return KINDS.get(type_) or _unlisted(type_)


def _unlisted(type_: str) -> Kind:
    module, class_ = type_.split(":")[1:]
    service = module.split("/")[0]

    def identify(facts: Facts) -> str:
        return facts.text("name") or f"{class_.lower()}-{facts.hex('id', 17)}"

    return Kind(
        id=identify,
        outputs=lambda f: {"arn": f.place.arn(service, f"{class_.lower()}/{f.id}")},
        replaces=("name", "namePrefix"),
        name_limit=63,
    )
