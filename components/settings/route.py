"""Settings of a service's route: which requests the load balancer sends to it."""

from typing import Annotated

from pydantic import Field

from components.settings.base import Model, matching


class RouteSettings(Model):
    """Which requests the load balancer sends to the service."""

    path: Annotated[
        str,
        Field(max_length=128),
        matching(
            r"/[A-Za-z0-9_.$/~\"'@:+-]*\*?",
            "must start with / and hold letters, digits and _ - . $ / ~ \" ' @ : +; a * is allowed "
            "once, at the end: /api/*",
        ),
    ]
    """Path, such as /orders, or prefix, such as /orders/*. Longer paths are matched first."""
    host: (
        Annotated[
            str,
            Field(max_length=128),
            matching(
                r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+",
                "must be a lower-case host name: shop.example.com or *.example.com",
            ),
        ]
        | None
    ) = None
    """Host name, such as shop.example.com or *.example.com; any by default."""
    health_path: Annotated[
        str,
        Field(max_length=1024),
        matching(r"/[^\s*]*", "must start with / and hold no space or *"),
    ] = "/"
    """Path of the health check; an answer from 200 to 399 is healthy."""
    priority: Annotated[int, Field(ge=1, le=50_000)] | None = None
    """Priority of the listener rule, 1 (first) to 50000; computed from host and path by default."""
