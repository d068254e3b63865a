"""What an operation of the engine did, gathered from its events."""

import re
from dataclasses import dataclass, field
from typing import Any

from pulumi.automation.events import EngineEvent, PolicyEvent, StepEventMetadata

from sandbox.state import name_of, type_of

MANDATORY = "mandatory"
_COLOUR = re.compile(r"<\{%.*?%\}>")


@dataclass(frozen=True)
class Violation:
    """A policy violation.

    Attributes:
        policy: The rule's name.
        pack: The pack's name.
        level: ``mandatory`` or ``advisory``.
        urn: The resource's URN; empty for a finding about the whole stack.
        message: What is wrong and what to do.
    """

    policy: str
    pack: str
    level: str
    urn: str
    message: str

    @property
    def resource(self) -> str:
        """The resource as ``TYPE NAME``."""
        return f"{type_of(self.urn)} {name_of(self.urn)}" if self.urn else "the stack"


@dataclass(frozen=True)
class Diagnostic:
    """A message of the engine, a provider or the program.

    Attributes:
        severity: ``info``, ``info#err``, ``warning`` or ``error``.
        urn: The URN of the resource it is about; may be empty.
        message: The text, without colours.
    """

    severity: str
    urn: str
    message: str


@dataclass
class Outcome:
    """The result of one operation.

    Attributes:
        operation: ``preview``, ``up``, ``refresh`` or ``destroy``.
        changes: Number of resources by kind of step (``create``, ``same``, …).
        packs: Version of each policy pack that ran, by name.
        violations: What the packs found.
        diagnostics: What was said.
        digest: The CLI's ``pulumi preview --json``; previews only.
        refusal: The message of the `pulumi.RunError` that the program ended with.
        error: What the CLI said when it failed; None when it succeeded.
        outputs_change: Whether the outputs of the stack or of a component would be, or are, new.
    """

    operation: str
    changes: dict[str, int] = field(default_factory=dict)
    packs: dict[str, str] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    digest: dict[str, Any] = field(default_factory=dict)
    refusal: str | None = None
    error: str | None = None
    outputs_change: bool = False

    @property
    def failed(self) -> bool:
        """Whether the CLI reported a failure."""
        return self.error is not None

    @property
    def blocking(self) -> list[Violation]:
        """The violations that stop a deployment."""
        return [found for found in self.violations if found.level == MANDATORY]

    @property
    def advice(self) -> list[Violation]:
        """The violations that don't."""
        return [found for found in self.violations if found.level != MANDATORY]

    @property
    def warnings(self) -> list[Diagnostic]:
        """What it warned of, but for the policy pack's starter on PATH, where it belongs."""
        return [
            said
            for said in self.diagnostics
            if said.severity == "warning" and "pulumi-analyzer-policy-python" not in said.message
        ]

    @property
    def errors(self) -> list[Diagnostic]:
        """What made it fail, in the words of the engine, the providers and the program."""
        return [said for said in self.diagnostics if said.severity == "error"]

    def take(self, event: EngineEvent) -> None:
        """Take note of one of the Automation API's engine events."""
        if found := event.policy_event:
            self._take_violation(found)
        elif (said := event.diagnostic_event) and not said.ephemeral:
            text = _plain(f"{said.prefix or ''}{said.message}")
            self.diagnostics.append(Diagnostic(said.severity, said.urn or "", text))
        elif done := event.res_outputs_event:
            self.outputs_change |= _outputs_differ(done.metadata)
        elif summary := event.summary_event:
            self.changes = {str(op): count for op, count in summary.resource_changes.items()}
            # A pack that is run from a folder is called NAME|local|FOLDER here.
            self.packs = {
                name.partition("|")[0]: version
                for name, version in (summary.policy_packs or {}).items()
            }

    def policies(self) -> dict[str, Any]:
        """The policy results, as ``--json`` prints them."""
        return {
            "packs": [{"name": name, "version": version} for name, version in self.packs.items()],
            "violations": [
                {
                    "policy": found.policy,
                    "policyPack": found.pack,
                    "enforcementLevel": found.level,
                    "urn": found.urn,
                    "message": found.message,
                }
                for found in self.violations
            ],
        }

    def _take_violation(self, event: PolicyEvent) -> None:
        found = Violation(
            policy=event.policy_name,
            pack=event.policy_pack_name,
            level=event.enforcement_level,
            urn=event.resource_urn or "",
            message=_plain(event.message),
        )
        if found not in self.violations:
            self.violations.append(found)


def _outputs_differ(step: StepEventMetadata) -> bool:
    """Whether a component's outputs differ; a resource's don't without a step that says so."""
    if not step.new or step.new.custom:
        return False
    before = step.old.outputs if step.old else None
    return (before or {}) != (step.new.outputs or {})


def _plain(text: str) -> str:
    return _COLOUR.sub("", text).strip()
