"""Settings of a service's route: which requests the load balancer sends to it, and how."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, matching
from components.settings.hosts import HostPattern
from components.settings.login import LoginSettings
from components.settings.protocol import (
    GRPC_CODES,
    HTTP_CODES,
    NO_SERVICE,
    OK,
    UNIMPLEMENTED,
    PortProtocol,
)

MOST_CONDITION_VALUES = 5
"""Values in all conditions of a rule together (Elastic Load Balancing's quota)."""
MOST_WILDCARDS = 5
"""Wildcards in all conditions of a rule together (Elastic Load Balancing's quota)."""
PRIORITIES = range(1, 50_001)
"""Priorities that a listener rule may have (API reference, CreateRule)."""

Method = Literal["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
HeaderName = Annotated[
    str,
    Field(max_length=40),
    matching(
        r"[A-Za-z0-9-]+",
        "must be the name of a header, without colon, such as X-Version: only letters, digits and "
        "hyphens, for the load balancer drops headers with others",
    ),
]
HeaderValue = Annotated[
    str,
    Field(min_length=1, max_length=128),
    matching(r"[\x20-\x7e]+", "must be printable ASCII; * and ? stand for any characters and one"),
]


def _codes(text: str) -> str:
    known = re.fullmatch(r"\d{1,3}(-\d{1,3})?(,\d{1,3}(-\d{1,3})?)*", text)
    if not known or not any(_within(text, codes) for codes in (HTTP_CODES, GRPC_CODES)):
        raise ValueError(
            "must be status codes, single or as ranges, in quotes: "
            '"200", "200,204" or "200-299" of HTTP, which are 200 to 499, or "0" or "0,12" of '
            "gRPC, which are 0 to 99"
        )
    return text


def _within(text: str, allowed: range) -> bool:
    ranges = [part.split("-") for part in text.split(",")]
    return all(
        int(codes[0]) <= int(codes[-1]) and {int(codes[0]), int(codes[-1])} <= set(allowed)
        for codes in ranges
    )


class HealthCheckSettings(Model):
    """How the load balancer finds out whether a task or pod can answer requests."""

    path: Annotated[
        str,
        Field(max_length=1024),
        matching(r"/[!-)+-~]*", "must start with / and hold printable ASCII, no space or *"),
    ] = "/"
    """Path that is asked for; on EKS the pod's readiness probe asks for it too. With protocol grpc
    it is a method, /package.Service/Method, and by default /AWS.ALB/healthcheck, which no server
    has: any that answers is healthy. A server with gRPC's own health service says more by
    /grpc.health.v1.Health/Check."""
    interval: Annotated[int, Field(ge=5, le=300)] = 15
    """Seconds between two checks, 5 to 300."""
    timeout: Annotated[int, Field(ge=2, le=120)] = 5
    """Seconds after which a check has failed, 2 to 120, less than `interval`."""
    healthy_threshold: Annotated[int, Field(ge=2, le=10)] = 2
    """Checks in a row that must succeed before a target gets requests, 2 to 10."""
    unhealthy_threshold: Annotated[int, Field(ge=2, le=10)] = 3
    """Checks in a row that must fail before a target gets none, 2 to 10."""
    matcher: Annotated[str, AfterValidator(_codes)] = "200-399"
    """Status codes that are healthy, within 200 to 499: "200", "200,204" or "200-299". With
    protocol grpc those of gRPC, 0 to 99: by default "0", or "12" for the path that no server
    has."""
    grace_period: Annotated[int, Field(ge=0, le=1_800)] | None = None
    """Seconds after a task's start in which failed checks don't stop it, 0 to 1800: more than it
    takes to start, or no deployment succeeds, and no less than the container's own
    healthCheck.startPeriod. 60 by default (ECS only; failed checks never stop a pod)."""

    @model_validator(mode="after")
    def _ends_before_the_next(self) -> Self:
        if self.timeout >= self.interval:
            raise ValueError(
                f"timeout {self.timeout} must be less than interval {self.interval}, so that a "
                "check ends before the next"
            )
        return self

    def for_protocol(self, protocol: PortProtocol) -> Self:
        """Return these settings with what is asked and answered by gRPC, if a port speaks that."""
        if protocol != "grpc":
            return self
        given = self.model_fields_set
        path = self.path if "path" in given else NO_SERVICE
        code = UNIMPLEMENTED if path == NO_SERVICE else OK
        matcher = self.matcher if "matcher" in given else code
        return self.model_copy(update={"path": path, "matcher": matcher})

    def accepts_only(self, codes: range) -> bool:
        """Say whether all status codes that are healthy are among these."""
        return _within(self.matcher, codes)

    @property
    def grace(self) -> int:
        """Seconds after a task's start in which failed checks don't stop it."""
        return 60 if self.grace_period is None else self.grace_period


class RouteSettings(Model):
    """Which requests the load balancer sends to the service.

    All conditions that are given have to match. Of the routes that match a request the most
    particular gets it: one with a host before those without, then a longer path before a shorter,
    then one with methods and headers before one without.
    """

    path: Annotated[
        str,
        Field(max_length=128),
        matching(
            r"/[A-Za-z0-9_.$/~\"'@:+-]*\*?",
            "must start with / and hold letters, digits and _ - . $ / ~ \" ' @ : +; a * is allowed "
            "once, at the end: /api/*",
        ),
    ]
    """Path, such as /orders, or prefix, such as /orders/* (which doesn't match /orders itself, as
    /orders* does). Longer paths are matched first."""
    host: HostPattern | None = None
    """Host name, such as shop.example.com or *.example.com; any by default."""
    methods: tuple[Method, ...] = ()
    """HTTP methods, such as [GET, HEAD]; all by default."""
    headers: dict[HeaderName, Annotated[tuple[HeaderValue, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Values of headers by name, one of which each has to have: {X-Version: ["2"]}. Case doesn't
    matter; * stands for any characters and ? for one. None by default."""
    login: LoginSettings | None = None
    """Users that sign in first; anybody by default. HTTPS only."""
    health_check: HealthCheckSettings = HealthCheckSettings()
    """Whether a task or pod can answer requests."""
    stickiness: Annotated[int, Field(ge=1, le=604_800)] | None = None
    """Seconds for which a client's requests go to the same task or pod, by a cookie, 1 to 604800;
    each request goes to the least busy one by default."""
    slow_start: Annotated[int, Field(ge=30, le=900)] | None = None
    """Seconds over which a new task or pod gets more and more requests, 30 to 900; all at once by
    default. Requests then go to each in turn instead of to the least busy, since Elastic Load
    Balancing has slow start with that only."""
    deregistration_delay: Annotated[int, Field(ge=0, le=3600)] = 30
    """Seconds for which a task or pod that leaves may finish its requests, 0 to 3600. It should
    exceed the slowest answer, and lengthens each deployment."""
    priority: Annotated[int, Field(ge=PRIORITIES[0], le=PRIORITIES[-1])] | None = None
    """Priority of the listener rule, 1 (first) to 50000; computed from the conditions by default,
    so that it stays the same when other services come and go."""

    @model_validator(mode="after")
    def _fits_a_rule(self) -> Self:
        texts = [self.path, *([self.host] if self.host else []), *self.methods]
        texts += [value for values in self.headers.values() for value in values]
        if len(texts) > MOST_CONDITION_VALUES:
            raise ValueError(
                f"has {len(texts)} values in path, host, methods and headers together; a listener "
                f"rule takes {MOST_CONDITION_VALUES}"
            )
        wildcards = sum(text.count("*") + text.count("?") for text in texts)
        if wildcards > MOST_WILDCARDS:
            raise ValueError(
                f"has {wildcards} wildcards in path, host and headers together; a listener rule "
                f"takes {MOST_WILDCARDS}"
            )
        return self

    @model_validator(mode="after")
    def _names_each_condition_once(self) -> Self:
        if len(set(self.methods)) < len(self.methods):
            raise ValueError("methods names one of them twice")
        names = [name.lower() for name in self.headers]
        if len(set(names)) < len(names):
            raise ValueError("headers names one of them twice; case doesn't matter in their names")
        if "host" in names:
            raise ValueError("headers can't hold Host, which has a condition of its own: set host")
        return self

    def for_protocol(self, protocol: PortProtocol) -> Self:
        """Return these settings with the health check of what a service's port speaks."""
        return self.model_copy(update={"health_check": self.health_check.for_protocol(protocol)})

    @property
    def conditions(self) -> int:
        """How many conditions there are besides host and path."""
        return len(self.headers) + bool(self.methods)

    @property
    def health_path(self) -> str:
        """Path of the health check."""
        return self.health_check.path
