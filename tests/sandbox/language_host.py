"""A Python language host that answers what `pulumi new` asks, and nothing else.

Official installations of the CLI bring the real one; where the CLI was built from its sources there
is none, and `pulumi new` would end in an error after it has copied everything.
"""

import sys
from concurrent import futures
from typing import Any

import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    """Has no options to ask the user for."""

    def RuntimeOptionsPrompts(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's signature
        """Return no prompts."""
        return language_pb2.RuntimeOptionsResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: ANN401, ARG002, N802 - the protocol's signature
        """Return a version."""
        return plugin_pb2.PluginInfo(version="3.0.0")


def main() -> None:
    """Serve until the CLI ends this process."""
    server = grpc.server(futures.ThreadPoolExecutor(2))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(Host(), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    try:
        server.wait_for_termination(timeout=60)
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
