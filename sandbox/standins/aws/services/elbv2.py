"""Elastic Load Balancing: load balancers, listeners, rules, target groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits
from sandbox.standins.aws.kinds import Facts, Kind, operation, short_id
from sandbox.standins.aws.services import listener_rules, target_groups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.standins import diff
    from sandbox.standins.wire import Properties

# Route 53 zone ids of application load balancers (AWS General Reference, "ELB endpoints").
_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-central-1": "Z215JYRZR1TBD5",
}
_LETTERS = {"application": "app", "network": "net", "gateway": "gwy"}
_LONGEST_NAME = 32


def _suffix(arn: str) -> str:
    return arn.split(":", 5)[-1]


def _balancer_id(facts: Facts) -> str:
    kind = _LETTERS.get(facts.text("loadBalancerType"), "app")
    resource = f"loadbalancer/{kind}/{facts.text('name')}/{facts.hex('id', 16)}"
    return facts.place.arn("elasticloadbalancing", resource)


def _balancer(facts: Facts) -> dict[str, Any]:
    region = facts.place.region
    prefix = "internal-" if facts.inputs.get("internal") else ""
    number = int(facts.hex("dns", 9), 16) % 10**10
    subnets = facts.inputs.get("subnets") or []
    return {
        "arn": facts.id,
        "arnSuffix": _suffix(facts.id).removeprefix("loadbalancer/"),
        "dnsName": f"{prefix}{facts.text('name')}-{number:010}.{region}.elb.amazonaws.com",
        "ipAddressType": "ipv4",
        "internal": False,
        "subnetMappings": [{"subnetId": subnet} for subnet in subnets],
        "vpcId": short_id("vpc", str(subnets)),
        "zoneId": _ZONES.get(region, "Z" + facts.hex(region, 13).upper()),
    }


def _child_arn(parent: str, old: str, new: str, digits: str) -> str:
    return f"{parent.replace(f':{old}/', f':{new}/', 1)}/{digits}"


def _moves_without_subnets(old: Properties, new: Properties, change: diff.Change) -> bool:
    """Network load balancers can't lose a subnet in place (the provider's customizeDiff)."""
    if new.get("loadBalancerType") != "network" or not change.path.startswith("subnets"):
        return False
    return not set(old.get("subnets") or []) <= set(new.get("subnets") or [])


# CreateLoadBalancer and CreateTargetGroup in the ELB API reference.
_name = limits.text(
    "name",
    r"(?!-)[A-Za-z0-9-]{1,32}(?<!-)",
    "be 1 to 32 letters, digits and hyphens, with no hyphen at an edge",
)


def _two_subnets(inputs: Mapping[str, Any]) -> list[str]:
    subnets = limits.value_at(inputs, "subnets")
    if inputs.get("loadBalancerType") != "application" or subnets is None or len(subnets) > 1:
        return []
    return ["subnets: must be at least two, in different zones, for an application load balancer"]


def _certificate(inputs: Mapping[str, Any]) -> list[str]:
    if inputs.get("protocol") in {"HTTPS", "TLS"} and not inputs.get("certificateArn"):
        return ["certificateArn: must be given for the protocols HTTPS and TLS"]
    return []


def _log_bucket(inputs: Mapping[str, Any]) -> list[str]:
    logs = limits.value_at(inputs, "accessLogs")
    if not logs or not logs.get("enabled") or logs.get("bucket"):
        return []
    return ["accessLogs.bucket: must be given where the logs are enabled"]


_BALANCER_ATTRIBUTES = (
    "accessLogs", "clientKeepAlive", "connectionLogs", "desyncMitigationMode",
    "dnsRecordClientRoutingPolicy", "dropInvalidHeaderFields", "enableCrossZoneLoadBalancing",
    "enableDeletionProtection", "enableHttp2", "enableTlsVersionAndCipherSuiteHeaders",
    "enableWafFailOpen", "enableXffClientPort", "enableZonalShift",
    "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "healthCheckLogs", "idleTimeout",
    "preserveHostHeader", "xffHeaderProcessingMode",
)  # fmt: skip
_GROUP_ATTRIBUTES = (
    "connectionTermination", "deregistrationDelay", "lambdaMultiValueHeadersEnabled",
    "loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation",
    "loadBalancingCrossZoneEnabled", "preserveClientIp", "proxyProtocolV2", "slowStart",
    "stickiness", "targetFailovers", "targetGroupHealth", "targetHealthStates",
)  # fmt: skip
_HEALTH_CHECK = {
    "healthCheck.enabled": "HealthCheckEnabled",
    "healthCheck.healthyThreshold": "HealthyThresholdCount",
    "healthCheck.interval": "HealthCheckIntervalSeconds",
    "healthCheck.path": "HealthCheckPath",
    "healthCheck.port": "HealthCheckPort",
    "healthCheck.protocol": "HealthCheckProtocol",
    "healthCheck.timeout": "HealthCheckTimeoutSeconds",
    "healthCheck.unhealthyThreshold": "UnhealthyThresholdCount",
}

KINDS = {
    "aws:lb/loadBalancer:LoadBalancer": Kind(
        id=_balancer_id,
        outputs=_balancer,
        replaces=("customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"),
        replaces_if=_moves_without_subnets,
        defaults={
            "clientKeepAlive": 3600,
            "desyncMitigationMode": "defensive",
            "dnsRecordClientRoutingPolicy": "any_availability_zone",
            "dropInvalidHeaderFields": False,
            "enableCrossZoneLoadBalancing": False,
            "enableDeletionProtection": False,
            "enableHttp2": True,
            "enableTlsVersionAndCipherSuiteHeaders": False,
            "enableWafFailOpen": False,
            "enableXffClientPort": False,
            "enableZonalShift": False,
            "idleTimeout": 60,
            "loadBalancerType": "application",
            "preserveHostHeader": False,
            "xffHeaderProcessingMode": "append",
        },
        name_limit=_LONGEST_NAME,
        unique=lambda f: f.text("name"),
        taken="DuplicateLoadBalancerName",
        operations=(
            operation(
                "elbv2",
                "CreateLoadBalancer",
                renames={"loadBalancerType": "Type"},
                skips={
                    **dict.fromkeys(_BALANCER_ATTRIBUTES, "an attribute: text without a model"),
                    "internal": "becomes Scheme",
                    "minimumLoadBalancerCapacity": "ModifyCapacityReservation",
                    "secondaryIpsAutoAssignedPerSubnet": "for network load balancers",
                },
            ),
        ),
        # ModifyLoadBalancerAttributes in the ELB API reference.
        checks=(
            _name,
            limits.text("name", "(?!internal-).*", "not begin with internal-"),
            limits.number("idleTimeout", 1, 4000, "seconds"),
            limits.number("clientKeepAlive", 60, 604800, "seconds"),
            limits.one_of("desyncMitigationMode", ("monitor", "defensive", "strictest")),
            limits.one_of("xffHeaderProcessingMode", ("append", "preserve", "remove")),
            _two_subnets,
            _log_bucket,
        ),
    ),
    "aws:lb/listener:Listener": Kind(
        id=lambda f: _child_arn(
            f.text("loadBalancerArn"), "loadbalancer", "listener", f.hex("id", 16)
        ),
        outputs=lambda f: {"arn": f.id, "protocol": "HTTP"},
        replaces=("loadBalancerArn",),
        unique=lambda f: f"{f.text('loadBalancerArn')}:{f.text('port')}",
        taken="DuplicateListener",
        operations=(
            operation(
                "elbv2",
                "CreateListener",
                renames={"certificateArn": "Certificates.CertificateArn"},
                skips={
                    "routingHttp*": "attributes: texts without a model",
                    "tcpIdleTimeoutSeconds": "an attribute: its range is among the checks",
                },
            ),
        ),
        checks=(
            limits.number("tcpIdleTimeoutSeconds", 60, 6000, "seconds"),
            limits.text("sslPolicy", "ELBSecurityPolicy-.+", "be a policy that ELB has"),
            _certificate,
        ),
    ),
    "aws:lb/listenerRule:ListenerRule": Kind(
        id=lambda f: _child_arn(
            f.text("listenerArn"), "listener", "listener-rule", f.hex("id", 16)
        ),
        outputs=lambda f: {"arn": f.id, "priority": 1 + int(f.hex("priority", 4), 16) % 49999},
        replaces=("listenerArn",),
        unique=lambda f: f"{f.text('listenerArn')}:{p}" if (p := f.text("priority")) else "",
        taken="PriorityInUse",
        operations=(operation("elbv2", "CreateRule"),),
        checks=listener_rules.CHECKS,
    ),
    "aws:lb/targetGroup:TargetGroup": Kind(
        id=lambda f: f.place.arn(
            "elasticloadbalancing", f"targetgroup/{f.text('name')}/{f.hex('id', 16)}"
        ),
        outputs=lambda f: {
            "arn": f.id,
            "arnSuffix": _suffix(f.id),
            "ipAddressType": "ipv4",
            "loadBalancingAlgorithmType": "round_robin",
            "loadBalancingAnomalyMitigation": "off",
            "loadBalancingCrossZoneEnabled": "use_load_balancer_configuration",
            "protocolVersion": "HTTP1",
        },
        replaces=(
            "ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion",
            "targetControlPort", "targetType", "vpcId",
        ),
        defaults={
            "deregistrationDelay": 300,
            "lambdaMultiValueHeadersEnabled": False,
            "proxyProtocolV2": False,
            "slowStart": 0,
            "targetType": "instance",
        },
        name_limit=_LONGEST_NAME,
        unique=lambda f: f.text("name"),
        taken="DuplicateTargetGroupName",
        operations=(
            operation(
                "elbv2",
                "CreateTargetGroup",
                renames=_HEALTH_CHECK,
                skips={
                    **dict.fromkeys(_GROUP_ATTRIBUTES, "an attribute: text without a model"),
                    "healthCheck": "its members are parameters of their own",
                },
            ),
        ),
        checks=(_name, *target_groups.CHECKS),
    ),
}  # fmt: skip
