"""What a service's port speaks, and what a load balancer asks to find out whether it does."""

from typing import Final, Literal

PortProtocol = Literal["http", "http2", "grpc", "tcp"]
"""What a service speaks on its port, without TLS."""

HTTP_CODES: Final = range(200, 500)
"""Status codes that a health check by HTTP may accept (API reference, Matcher)."""
GRPC_CODES: Final = range(100)
"""Status codes that a health check by gRPC may accept (API reference, Matcher)."""
OK: Final = "0"
UNIMPLEMENTED: Final = "12"
"""What a gRPC server answers to a method that it doesn't have."""

NO_SERVICE: Final = "/AWS.ALB/healthcheck"
"""Method that no gRPC server has, Elastic Load Balancing's default: any that answers is healthy."""
HEALTH_SERVICE: Final = "/grpc.health.v1.Health/Check"
"""Method of the gRPC health checking protocol, which a server has if its author put it there."""
