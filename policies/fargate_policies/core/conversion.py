"""The SDK's server, which converts each resource once.

The SDK's own converts the properties of a request again for each policy: with some sixty
rules that is nearly all of the time that a pack takes. Here a policy that comes first takes the
converted values off, and the others get those, with a request that holds no properties. All else is
the SDK's: levels, configuration, notes, remediation.
"""

import threading
from typing import Any

import pulumi_policy as sdk
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import policy as implementation

_SdkServicer = implementation._PolicyAnalyzerServicer


class ConvertingOnce(_SdkServicer):
    """Answers the engine's calls; the arguments are the SDK's."""

    def __init__(self, name: str, version: str, policies: list[sdk.Policy], *more: Any) -> None:  # noqa: ANN401 - the SDK's
        super().__init__(name, version, policies, *more)
        # A call is answered by one thread, and calls run in several at the same time.
        self._taken = threading.local()
        takers: list[sdk.Policy] = [
            sdk.ResourceValidationPolicy("take", "Takes a resource.", validate=self._take),
            sdk.StackValidationPolicy("take-stack", "Takes a stack.", validate=self._take),
        ]
        self._taker: Any = _SdkServicer(name, version, takers, *more)
        self._judges: Any = _SdkServicer(name, version, [*map(self._given, policies)], *more)

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Judge a resource's inputs."""
        self._taker.Analyze(request, context)
        bare = analyzer_pb2.AnalyzeRequest(type=request.type, urn=request.urn, name=request.name)
        return self._judges.Analyze(bare, context)

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Judge a stack's outputs."""
        self._taker.AnalyzeStack(request, context)
        return self._judges.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(), context)

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Set the rules' levels and parameters."""
        self._judges.Configure(request, context)
        return super().Configure(request, context)  # type: ignore[no-untyped-call]  # the SDK has no types here

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Take the stack's tags."""
        self._taker.ConfigureStack(request, context)
        return super().ConfigureStack(request, context)

    def _take(self, args: Any, _report: sdk.ReportViolation) -> None:  # noqa: ANN401 - of either kind
        self._taken.args = args

    def _given(self, policy: sdk.Policy) -> sdk.Policy:
        """Return a policy that judges what was taken, with the configuration that it gets."""

        def validate(args: Any, report: sdk.ReportViolation) -> Any:  # noqa: ANN401 - of either kind
            taken, config = self._taken.args, args.get_config()
            if isinstance(taken, sdk.StackValidationArgs):
                given: Any = sdk.StackValidationArgs(taken.resources, config, taken.stack_tags)
            else:
                given = sdk.ResourceValidationArgs(
                    taken.resource_type, taken.props, taken.urn, taken.name, taken.opts,
                    taken.provider, config, taken.stack_tags,
                )  # fmt: skip
            return policy.validate(given, report)  # type: ignore[attr-defined]  # both kinds have it

        of_stacks = isinstance(policy, sdk.StackValidationPolicy)
        kind = sdk.StackValidationPolicy if of_stacks else sdk.ResourceValidationPolicy
        return kind(
            policy.name,
            policy.description,
            validate=validate,
            enforcement_level=policy.enforcement_level,
            severity=policy.severity,
        )
