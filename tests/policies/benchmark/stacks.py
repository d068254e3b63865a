"""The stacks that the benchmark previews: projects of about as many resources as asked for."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
STACK: Final = "bench"
_BARE: Final = Path(__file__).with_name("bare_program.py")
_IMAGE: Final = "public.ecr.aws/docker/library/python:3.13-slim"
_OF_THE_PLATFORM: Final = 45
"""Resources of network, cluster and load balancer, components among them."""
_OF_A_WORKLOAD: Final = 45
"""Resources of a service behind the load balancer, its queue and a job of the same team."""
_MOST_ROUTES: Final = 50
"""Fewer than the outbound rules that the load balancer's group holds by default quota."""


def platform(root: Path, resources: int) -> None:
    """Make a project of this platform: the program of this repository, with many workloads."""
    for folder in ("components", "policies", "sandbox"):
        (root / folder).symlink_to(ROOT / folder)
    for file in ("__main__.py", "Pulumi.yaml"):
        (root / file).write_bytes((ROOT / file).read_bytes())
    workloads = max(1, round((resources - _OF_THE_PLATFORM) / _OF_A_WORKLOAD))
    _write_stack(
        root,
        {
            "aws:region": "eu-west-1",
            "aws:defaultTags": {"tags": {"environment": "benchmark"}},
            "network": {"zones": 2, "nat": "single"},
            "loadBalancer": {"allowedCidrs": ["203.0.113.0/24"]},
            "queues": {f"orders-{number}": {} for number in range(workloads)},
            "services": {f"shop-{number}": _service(number) for number in range(workloads)},
            "jobs": {
                f"report-{number}": {"image": _IMAGE, "schedule": {"cron": "0 3 * * ? *"}}
                for number in range(workloads)
            },
        },
    )


def _service(number: int) -> Mapping[str, Any]:
    service = {
        "image": _IMAGE,
        "grants": {f"orders-{number}": ["send"]},
        "scaling": {"min": 2, "max": 4},
    }
    if number >= _MOST_ROUTES:
        return service
    route = {"path": f"/shop-{number}/*", "priority": number + 1}
    return service | {"port": 8080, "route": route}


def bare(root: Path, resources: int) -> None:
    """Make a project whose program does nothing but register resources."""
    for folder in ("policies", "sandbox"):  # the stand-ins start in the project's folder
        (root / folder).symlink_to(ROOT / folder)
    (root / "__main__.py").write_bytes(_BARE.read_bytes())
    (root / "Pulumi.yaml").write_text("name: bench\nruntime: python\n", encoding="utf-8")
    _write_stack(root, {"aws:region": "eu-west-1", "bench:resources": str(resources)})


def _write_stack(root: Path, config: Mapping[str, Any]) -> None:
    """Write the stack file: JSON is YAML too."""
    (root / f"Pulumi.{STACK}.yaml").write_text(json.dumps({"config": config}), encoding="utf-8")


STACKS: Final[Mapping[str, Callable[[Path, int], None]]] = {"platform": platform, "bare": bare}
