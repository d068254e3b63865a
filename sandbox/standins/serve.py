"""Serving a provider on a free local port, for as long as the parent lives."""

from __future__ import annotations

import os
import sys
from concurrent import futures
from typing import TYPE_CHECKING, NoReturn

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.standins.crud import CrudServicer

if TYPE_CHECKING:
    from sandbox.standins.package import Package

MESSAGE_LIMIT = 400 * 1024 * 1024
"""Largest message in bytes: the engine's own limit (sdk/go/common/util/rpcutil)."""

OPTIONS = [
    ("grpc.max_receive_message_length", MESSAGE_LIMIT),
    ("grpc.max_send_message_length", MESSAGE_LIMIT),
]


def serve(package: Package) -> tuple[grpc.Server, int]:
    """Serve a package of custom resources; returns the server and its port on 127.0.0.1."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=OPTIONS)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(CrudServicer(package), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def exit_with_parent() -> NoReturn:
    """Wait until stdin ends, which it does when the parent dies in whatever way; then exit."""
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)
