"""Serves a project's program to the Pulumi CLI from a process of its own, until that is killed.

As the language host of an official installation does, which a CLI built from its sources lacks.
Pulumi's Automation API would run it in the process that reads the engine's events, which then
wait for each other.

Usage: python -m tests.policies.benchmark.host PROGRAM
"""

import runpy
import sys
from concurrent import futures
from typing import Final

import grpc
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2_grpc

_LARGEST_MESSAGE: Final = 400 * 1024 * 1024


def main(program: str) -> None:
    """Serve, and print at which port."""
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=4),
        options=[("grpc.max_receive_message_length", _LARGEST_MESSAGE)],
    )

    def run() -> None:
        runpy.run_path(program, run_name="__main__")

    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(run), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main(sys.argv[1])
