"""What Elastic Load Balancing refuses about target groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sandbox.standins.aws import limits

if TYPE_CHECKING:
    from collections.abc import Mapping


def _slow_start(inputs: Mapping[str, Any]) -> list[str]:
    """Slow start mode in the ELB user guide, "Edit target group attributes"."""
    seconds = limits.value_at(inputs, "slowStart")
    algorithm = limits.value_at(inputs, "loadBalancingAlgorithmType")
    if not seconds or algorithm in {None, "round_robin"}:
        return []
    return ["slowStart: can only be given with the algorithm round_robin"]


def _health_timeout(inputs: Mapping[str, Any]) -> list[str]:
    timeout = limits.value_at(inputs, "healthCheck.timeout")
    interval = limits.value_at(inputs, "healthCheck.interval")
    if timeout is None or interval is None or float(timeout) < float(interval):
        return []
    return ["healthCheck.timeout: must be less than healthCheck.interval"]


def _codes(inputs: Mapping[str, Any]) -> list[str]:
    """Matcher in the ELB API reference; gRPC has status codes of its own."""
    matcher = limits.value_at(inputs, "healthCheck.matcher")
    if not matcher or inputs.get("targetType") == "lambda" or _speaks_no_http(inputs):
        return []
    grpc = limits.value_at(inputs, "protocolVersion") == "GRPC"
    allowed = range(100) if grpc else range(200, 500)
    codes = str(matcher).replace("-", ",").split(",")
    if all(code.isdigit() and int(code) in allowed for code in codes):
        return []
    what = "gRPC codes from 0 to 99" if grpc else "HTTP codes from 200 to 499"
    return [f"healthCheck.matcher: must hold {what}"]


def _method(inputs: Mapping[str, Any]) -> list[str]:
    """CreateTargetGroup in the ELB API reference, HealthCheckPath."""
    path = limits.value_at(inputs, "healthCheck.path")
    if not path or limits.value_at(inputs, "protocolVersion") != "GRPC":
        return []
    if re.fullmatch(r"/[^/]+/[^/]+", str(path)):
        return []
    return ["healthCheck.path: must be /package.service/method with the protocol version GRPC"]


def _version(inputs: Mapping[str, Any]) -> list[str]:
    """ELB user guide, "Target groups for your Application Load Balancers", protocol version."""
    if limits.value_at(inputs, "protocolVersion") not in {"GRPC", "HTTP2"}:
        return []
    if _speaks_no_http(inputs):
        return ["protocolVersion: can only be given with the protocols HTTP and HTTPS"]
    if inputs.get("targetType") not in {"instance", "ip"}:
        return ["targetType: must be instance or ip with the protocol versions GRPC and HTTP2"]
    return []


def _speaks_no_http(inputs: Mapping[str, Any]) -> bool:
    return limits.value_at(inputs, "protocol") not in {None, "HTTP", "HTTPS"}


# ModifyTargetGroupAttributes in the ELB API reference.
CHECKS = (
    limits.number("deregistrationDelay", 0, 3600, "seconds"),
    limits.check(
        "slowStart", "be 0 or 30 to 900 seconds", lambda v: float(v) in {0, *range(30, 901)}
    ),
    limits.number("stickiness.cookieDuration", 1, 604800, "seconds"),
    limits.one_of(
        "loadBalancingAlgorithmType",
        ("round_robin", "least_outstanding_requests", "weighted_random"),
    ),
    _slow_start,
    _health_timeout,
    _codes,
    _method,
    _version,
)
