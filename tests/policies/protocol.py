"""The analyzer protocol, spoken to a running pack or to policies in this process.

Properties travel as protobuf Structs, as the engine sends them: numbers become floats, and the
pack sees the SDK's proxies. Tests with plain dicts would hide what goes wrong there.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import grpc
from fargate_policies.catalogue import RULES
from fargate_policies.core.server import Servicer
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy import policy as implementation

PACK_FOLDER = Path(__file__).parents[2] / "policies"
ADVISORY = analyzer_pb2.ADVISORY
MANDATORY = analyzer_pb2.MANDATORY
DISABLED = analyzer_pb2.DISABLED
REMEDIATE = analyzer_pb2.REMEDIATE

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for a value that isn't known before the deployment."""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the wire's mark
_NOT_DECIDED = "can't run policy"


def secret(value: object) -> dict[str, object]:
    """Return a value as the engine sends a secret."""
    return {_SIGNATURE: _SECRET_SIGNATURE, "value": value}


@dataclass(frozen=True)
class StackResource:
    """A resource of a stack: its outputs, and what the properties are made from that it was given.

    Attributes:
        refers: names of resources by the property that refers to them.
        computed: properties that the program didn't give.
    """

    type: str
    name: str
    properties: Mapping[str, Any]
    refers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    computed: Sequence[str] = ()

    @property
    def urn(self) -> str:
        return urn(self.type, self.name)


def urn(kind: str, name: str) -> str:
    """Return the URN of a resource of stack `dev`."""
    return f"urn:pulumi:dev::fargate::{kind}::{name}"


class Findings:
    """What an analysis reported, by rule."""

    def __init__(self, response: analyzer_pb2.AnalyzeResponse) -> None:
        self.all = list(response.diagnostics)

    def violations(self, rule: str) -> list[analyzer_pb2.AnalyzeDiagnostic]:
        """Return the diagnostics in which `rule` says no."""
        return [d for d in self.all if d.policyName == rule and _NOT_DECIDED not in d.message]

    def undecided(self, rule: str) -> list[analyzer_pb2.AnalyzeDiagnostic]:
        """Return the notes that `rule` couldn't be decided in a preview."""
        return [d for d in self.all if d.policyName == rule and _NOT_DECIDED in d.message]

    def messages(self) -> str:
        """Return all messages as one text."""
        return "\n".join(d.message for d in self.all)


class Remedied:
    """What remediations made of a resource, one after the other.

    Attributes:
        rules: the rules that changed something, in order.
        properties: the properties after the last one, as the engine gets them.
        diagnostics: what remediations said.
    """

    def __init__(self, before: Mapping[str, Any], response: analyzer_pb2.RemediateResponse) -> None:
        changed = [found for found in response.remediations if found.HasField("properties")]
        self.rules = [found.policyName for found in changed]
        self.properties: Mapping[str, Any] = (
            json_format.MessageToDict(changed[-1].properties) if changed else before
        )
        self.diagnostics = [found.diagnostic for found in response.remediations if found.diagnostic]


class Analyzer:
    """A client of the analyzer protocol."""

    def __init__(self, analyzer: analyzer_pb2_grpc.AnalyzerStub) -> None:
        self._call = analyzer

    def info(self) -> analyzer_pb2.AnalyzerInfo:
        """Return what the pack says about itself."""
        info: analyzer_pb2.AnalyzerInfo = self._call.GetAnalyzerInfo(empty_pb2.Empty())
        return info

    def configure(
        self, rules: Mapping[str, tuple[analyzer_pb2.EnforcementLevel.ValueType, Mapping[str, Any]]]
    ) -> None:
        """Set enforcement level and parameters of rules, as `--policy-pack-config` does."""
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for name, (level, parameters) in rules.items():
            request.policyConfig[name].enforcementLevel = level
            request.policyConfig[name].properties.update(dict(parameters))
        self._call.Configure(request)

    def analyze(self, kind: str, properties: Mapping[str, Any], name: str = "it") -> Findings:
        """Return what the pack says of one resource's inputs."""
        request = analyzer_pb2.AnalyzeRequest(
            type=kind, name=name, urn=urn(kind, name), properties=_struct(properties)
        )
        return Findings(self._call.Analyze(request))

    def remediate(self, kind: str, properties: Mapping[str, Any], name: str = "it") -> Remedied:
        """Return what the pack makes of one resource's inputs."""
        request = analyzer_pb2.AnalyzeRequest(
            type=kind, name=name, urn=urn(kind, name), properties=_struct(properties)
        )
        return Remedied(properties, self._call.Remediate(request))

    def analyze_stack(self, resources: Sequence[StackResource]) -> Findings:
        """Return what the pack says of a stack's outputs."""
        urns = {resource.name: resource.urn for resource in resources}
        request = analyzer_pb2.AnalyzeStackRequest()
        for resource in resources:
            message = request.resources.add(
                type=resource.type,
                name=resource.name,
                urn=resource.urn,
                properties=_struct(resource.properties),
            )
            given = dict.fromkeys(resource.properties.keys() - set(resource.computed), ())
            for key, names in {**given, **resource.refers}.items():
                message.propertyDependencies[key].urns.extend(
                    urns[name] for name in names if name in urns
                )
        return Findings(self._call.AnalyzeStack(request))


class RunningPack:
    """A pack's folder run as the engine runs it, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        port = self._process.stdout.readline().strip()
        assert port.isdecimal(), self._process.stderr.read()
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}")
        self.analyzer = Analyzer(analyzer_pb2_grpc.AnalyzerStub(self._channel))

    def interrupt(self) -> tuple[int, str]:
        """End it as the engine does; return its exit code and what it said as an error."""
        self._process.send_signal(signal.SIGINT)
        _, said = self._process.communicate(timeout=30)
        return self._process.returncode, said

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._channel.close()
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


class PackInProcess(RunningPack):
    """The same in this process, which starts at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.analyzer = direct(Servicer("fargate", RULES))

    def interrupt(self) -> tuple[int, str]:
        super().__init__(self._folder)
        return super().interrupt()

    def __exit__(self, *_: object) -> None:
        """There is nothing to end."""


def in_process(policies: list[Policy]) -> Analyzer:
    """Return an analyzer of policies that the SDK serves, not the pack."""
    made = implementation._PolicyAnalyzerServicer
    return direct(made("test", "0.0.1", policies, EnforcementLevel.ADVISORY))


def direct(servicer: analyzer_pb2_grpc.AnalyzerServicer) -> Analyzer:
    """Return an analyzer that a servicer in this process answers."""
    return Analyzer(cast("analyzer_pb2_grpc.AnalyzerStub", _WithoutContext(servicer)))


class _WithoutContext:
    """Calls a servicer without gRPC."""

    def __init__(self, servicer: analyzer_pb2_grpc.AnalyzerServicer) -> None:
        self._servicer = servicer

    def __getattr__(self, name: str) -> Callable[[object], object]:
        method = getattr(self._servicer, name)
        return lambda request: method(request, _Context())


class _Refusal(grpc.RpcError):
    """What a client of gRPC gets where a call was refused."""

    def __init__(self, code: grpc.StatusCode, details: str) -> None:
        super().__init__()
        self._code, self._details = code, details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return self._details


class _Context:
    def abort(self, code: grpc.StatusCode, details: str) -> None:
        raise _Refusal(code, details)


def _struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(dict(properties))
    return struct
