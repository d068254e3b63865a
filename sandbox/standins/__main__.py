"""``python -m sandbox.standins --record FILE``: all stand-ins, until stdin ends."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
from pathlib import Path

_COMPONENT_PACKAGES = ("awsx", "eks")


def main() -> None:
    """Start the stand-ins, print their ports as one line of JSON, exit when stdin ends."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.standins",
        description="Serve stand-ins for the packages aws, awsx, docker-build, eks and kubernetes.",
    )
    parser.add_argument(
        "--record", type=Path, required=True, help="file that keeps what exists in the cloud"
    )
    record_file = parser.parse_args().record

    # An interrupt reaches the whole process group: the engine still needs its providers then, and
    # ends them by closing stdin. The children inherit this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    # The component packages start first: they take longest, and each needs a process of its own,
    # since the SDK's settings are global.
    children = {package: _start(package) for package in _COMPONENT_PACKAGES}

    from sandbox.standins.aws.provider import Aws  # noqa: PLC0415 - after the children
    from sandbox.standins.docker_build.provider import DockerBuild  # noqa: PLC0415 - see above
    from sandbox.standins.kubernetes.provider import Kubernetes  # noqa: PLC0415 - see above
    from sandbox.standins.record import Record  # noqa: PLC0415 - see above
    from sandbox.standins.serve import exit_with_parent, serve  # noqa: PLC0415 - see above

    record = Record(record_file)
    servers = {
        "aws": serve(Aws(record)),
        "docker-build": serve(DockerBuild(record)),
        "kubernetes": serve(Kubernetes(record)),
    }
    ports = {package: port for package, (_, port) in servers.items()}
    ports |= {package: _port(package, child) for package, child in children.items()}
    print(json.dumps(ports, sort_keys=True), flush=True)
    exit_with_parent()


def _start(package: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", f"sandbox.standins.{package}"]
    return subprocess.Popen(  # noqa: S603 - this package's own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _port(package: str, child: subprocess.Popen[str]) -> int:
    line = child.stdout.readline() if child.stdout else ""
    if not line.strip().isdigit():
        sys.exit(f"the stand-in for {package} did not start (exit code {child.wait()})")
    return int(line)


if __name__ == "__main__":
    main()
