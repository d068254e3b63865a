"""Serves rules to the engine, as the SDK's PolicyPack does, and refuses a wrong configuration.

The engine hands on whatever a configuration file holds, rules that don't exist included, and the
SDK keeps it without a look; only who answers `Configure` can refuse it. The SDK has no hook for
that, so its servicer is extended here.
"""

import signal
from collections.abc import Mapping, Sequence
from concurrent import futures
from functools import partial
from typing import Any, Final

import grpc
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from .adapter import to_policy
from .configuration import all_settings, problems
from .conversion import ConvertingOnce
from .manifest import version
from .rule import AnyRule
from .wire import plain

_LARGEST_MESSAGE: Final = 400 * 1024 * 1024
"""As Pulumi's own servers take; a large stack is sent as a whole."""


def serve(name: str, rules: Sequence[AnyRule]) -> None:
    """Serve a policy pack until the engine ends this process, which it does with SIGINT."""
    # A script that runs the CLI in the background has all that it starts ignore this signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=4),
        options=[("grpc.max_receive_message_length", _LARGEST_MESSAGE)],
    )
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Servicer(name, rules), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        # Where the engine reads which port to call.
        print(port, flush=True)
        server.wait_for_termination()
    except KeyboardInterrupt:
        server.stop(grace=None)


class Servicer(ConvertingOnce):
    """The SDK's servicer, which knows the pack's rules by what their configuration may be."""

    def __init__(self, name: str, rules: Sequence[AnyRule]) -> None:
        # Read once, and replaced as a whole: calls are answered by several threads.
        self._settings = all_settings(rules, {})
        policies = [to_policy(rule, partial(self._settings_of, rule)) for rule in rules]
        types = {rule.name: rule.types for rule in rules}
        super().__init__(name, version(), policies, types)
        self._rules = rules

    def Configure(self, request: analyzer_pb2.ConfigureAnalyzerRequest, context: Any) -> Any:  # noqa: ANN401, N802 - gRPC's
        """Take a configuration, or refuse it with everything that is wrong with it."""
        configuration = {
            name: plain(json_format.MessageToDict(config.properties))
            for name, config in request.policyConfig.items()
        }
        found = problems(self._rules, configuration)
        if found:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "; ".join(found))
        self._settings = all_settings(self._rules, configuration)
        return super().Configure(request, context)

    def _settings_of(self, rule: AnyRule) -> Mapping[str, Any]:
        return self._settings[rule.name]
