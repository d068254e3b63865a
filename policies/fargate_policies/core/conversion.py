"""The SDK's server, made quick: a resource is converted once, for the policies that it concerns.

The SDK's own converts the properties of a request again for each policy, and does so for all
policies, whatever the resource is: with some sixty rules that is nearly all of the time that a pack
takes. Here the properties are read first (`wire`), and the policies that are about the resource's
type get them, with a request that holds none. All else is the SDK's: levels, configuration, notes,
remediation.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

import pulumi_policy as sdk
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import policy as implementation

from .wire import unpacked

_SdkServicer = implementation._PolicyAnalyzerServicer
_STACK: Final = ""
"""What stands for the stack as a whole where there is a type otherwise."""


class ConvertingOnce(_SdkServicer):
    """Answers the engine's calls.

    Args:
        name: the pack's name.
        version: its version.
        policies: its policies.
        types: by policy of single resources, the types that it has anything to say of.
        level: of a policy that has none of its own.
    """

    def __init__(
        self,
        name: str,
        version: str,
        policies: Sequence[sdk.Policy],
        types: Mapping[str, Collection[str]],
        level: sdk.EnforcementLevel = sdk.EnforcementLevel.ADVISORY,
    ) -> None:
        super().__init__(name, version, list(policies), level)
        # A call is answered by one thread, and calls run in several at the same time.
        self._taken = threading.local()
        self._taker: Any = _SdkServicer(
            name,
            version,
            [
                sdk.ResourceValidationPolicy("take", "Takes a resource.", validate=self._take),
                sdk.StackValidationPolicy("take-stack", "Takes a stack.", validate=self._take),
            ],
            level,
        )
        self._concerned: dict[str, list[sdk.Policy]] = {}
        for policy in policies:
            of_stacks = isinstance(policy, sdk.StackValidationPolicy)
            for kind in [_STACK] if of_stacks else types[policy.name]:
                self._concerned.setdefault(kind, []).append(policy)
        self._judges: dict[str, Any] = {
            kind: _SdkServicer(name, version, [*map(self._given, concerned)], level)
            for kind, concerned in self._concerned.items()
        }
        self._remedied: frozenset[str] = frozenset()

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Judge a resource's inputs."""
        judges = self._judges.get(request.type)
        if judges is None:
            return analyzer_pb2.AnalyzeResponse()
        bare = analyzer_pb2.AnalyzeRequest(type=request.type, urn=request.urn, name=request.name)
        self._taker.Analyze(bare, context)
        self._taken.args.props = unpacked(request.properties)
        return self._judged(judges.Analyze, bare, context)

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Judge a stack's outputs."""
        judges = self._judges.get(_STACK)
        if judges is None:
            return analyzer_pb2.AnalyzeResponse()
        read = [unpacked(resource.properties) for resource in request.resources]
        for resource in request.resources:
            resource.ClearField("properties")
            resource.ClearField("provider")
        self._taker.AnalyzeStack(request, context)
        for resource, properties in zip(self._taken.args.resources, read, strict=True):
            resource.props = properties
        bare = analyzer_pb2.AnalyzeStackRequest()
        return self._judged(judges.AnalyzeStack, bare, context)

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Correct a resource's inputs, where a policy's level says so.

        What the SDK can't read is left as it is: the check, which comes next, says what is wrong.
        """
        if request.type not in self._remedied:
            return analyzer_pb2.RemediateResponse()
        try:
            return super().Remediate(request, context)  # type: ignore[no-untyped-call]  # the SDK has no types here
        except Exception:  # noqa: BLE001 - an exception would fail the resource's deployment
            return analyzer_pb2.RemediateResponse()

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Set the rules' levels and parameters."""
        for kind, concerned in self._concerned.items():
            self._judges[kind].Configure(_part(request, concerned), context)
        levels = request.policyConfig
        correcting = {name for name in levels if _corrects(levels[name])}
        self._remedied = frozenset(
            kind
            for kind, concerned in self._concerned.items()
            if any(policy.name in correcting for policy in concerned)
        )
        return super().Configure(request, context)  # type: ignore[no-untyped-call]  # as above

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: ANN401, N802 - the SDK's
        """Take the stack's tags."""
        self._taker.ConfigureStack(request, context)
        return super().ConfigureStack(request, context)

    def _judged(self, judge: Callable[[Any, Any], Any], bare: Any, context: Any) -> Any:  # noqa: ANN401 - the SDK's
        """Return what is said of what was taken, and let go of it.

        Kept, it holds a stack in memory, and protobuf's objects in it crash a Python that ends.
        """
        try:
            return judge(bare, context)
        finally:
            del self._taken.args

    def _take(self, args: Any, _report: sdk.ReportViolation) -> None:  # noqa: ANN401 - of either kind
        self._taken.args = args

    def _given(self, policy: sdk.Policy) -> sdk.Policy:
        """Return a policy that judges what was taken, the same arguments for all policies.

        They hold no configuration: a rule has its own (`adapter.to_policy`).
        """

        def validate(_: object, report: sdk.ReportViolation) -> Any:  # noqa: ANN401 - of either kind
            return policy.validate(self._taken.args, report)  # type: ignore[attr-defined]  # both kinds have it

        of_stacks = isinstance(policy, sdk.StackValidationPolicy)
        kind = sdk.StackValidationPolicy if of_stacks else sdk.ResourceValidationPolicy
        return kind(
            policy.name,
            policy.description,
            validate=validate,
            enforcement_level=policy.enforcement_level,
            severity=policy.severity,
        )


def _part(request: Any, policies: Sequence[sdk.Policy]) -> analyzer_pb2.ConfigureAnalyzerRequest:  # noqa: ANN401 - the engine's
    """Return what a configuration says of some policies."""
    part = analyzer_pb2.ConfigureAnalyzerRequest()
    for policy in policies:
        if policy.name in request.policyConfig:
            part.policyConfig[policy.name].CopyFrom(request.policyConfig[policy.name])
    return part


def _corrects(config: analyzer_pb2.PolicyConfig) -> bool:
    return config.enforcementLevel == analyzer_pb2.REMEDIATE
