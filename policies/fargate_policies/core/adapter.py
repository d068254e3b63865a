"""From rules to policies of the Pulumi SDK.

What bites there, and is settled once, here and in `wire`: properties are proxies (neither list nor
dict) that raise when an unknown one is touched; numbers are floats; an exception that leaves a
policy fails the whole operation.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pulumi_policy as sdk
from pulumi_policy import proxy

from .configuration import settings
from .exemptions import exemption_of
from .rule import AnyRule, Change, Member, Resource, Rule, Stack, StackRule
from .values import REMOVED, UNKNOWN, Finding, Place, Undecided, Violation
from .wire import plain

_KEPT: Final = "_kept_by_fargate_policies"

Configured = Callable[[], Mapping[str, Any]]
"""Returns a rule's settings, which a new configuration replaces and nothing changes."""


def to_policy(rule: AnyRule, configured: Configured | None = None) -> sdk.Policy:
    """Return `rule` as a policy of the SDK, described by its metadata.

    Args:
        rule: the rule.
        configured: returns the rule's settings; its defaults, if not given. What the SDK hands to a
            policy is raw and would have to be read anew for each resource, so it isn't used.
    """
    unconfigured = settings(rule, {})
    configured = configured or (lambda: unconfigured)
    main = rule.sources[0]
    described: dict[str, Any] = {
        "name": rule.name,
        "description": rule.description,
        "enforcement_level": (
            sdk.EnforcementLevel.MANDATORY if rule.mandatory else sdk.EnforcementLevel.ADVISORY
        ),
        "severity": rule.severity,
        "framework": sdk.PolicyComplianceFramework(
            name=main.framework, reference=main.reference, specification=main.url
        ),
        "tags": [source.tag for source in rule.sources],
        "remediation_steps": rule.fix,
        "url": next((source.url for source in rule.sources if source.url), None),
        "config_schema": sdk.PolicyConfigSchema(rule.schemas) if rule.schemas else None,
    }
    if isinstance(rule, Rule):
        remediate = partial(_remediate, rule, configured) if rule.remedy else None
        return sdk.ResourceValidationPolicy(
            validate=partial(_validate, rule, configured), remediate=remediate, **described
        )
    return sdk.StackValidationPolicy(
        validate=partial(_validate_stack, rule, configured), **described
    )


def _validate(
    rule: Rule,
    configured: Configured,
    args: sdk.ResourceValidationArgs,
    report: sdk.ReportViolation,
) -> None:
    if args.resource_type not in rule.types:
        return
    given = configured()
    if not exemption_of(given, args.name, args.urn):
        _run(rule, lambda: rule.check(_judged(args, given)), report)


def _resource(args: sdk.ResourceValidationArgs, given: Mapping[str, Any]) -> Resource:
    properties = Place(plain(args.props), "")
    return Resource(args.resource_type, args.name, args.urn, properties, given)


def _judged(args: sdk.ResourceValidationArgs, given: Mapping[str, Any]) -> Resource:
    """Return the resource as a rule sees it; what all rules see of it is made once."""
    first: Resource = _once(args, lambda: _resource(args, {}))
    return replace(first, settings=given)


def _once(args: Any, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - of either kind
    """Return what is kept beside the arguments of a call, which several rules may be given."""
    kept = vars(args)
    if _KEPT not in kept:
        kept[_KEPT] = make()
    return kept[_KEPT]


def _remediate(rule: Rule, configured: Configured, args: sdk.ResourceValidationArgs) -> Any:  # noqa: ANN401 - a proxy
    """Change what breaks `rule`, and return the properties; nothing if nothing has to change.

    The SDK's proxies are sent back as a whole: so single properties are written in place, and all
    others, secret or unknown, go back as they came.
    """
    if rule.remedy is None or args.resource_type not in rule.types:
        return None
    try:
        given = configured()
        if exemption_of(given, args.name, args.urn):
            return None
        changes = list(rule.remedy(_resource(args, given)))
        for change in changes:
            _write(args.props, change)
    except Exception:  # noqa: BLE001 - the check, which comes next, reports what can't be judged
        return None
    return args.props if changes else None


def _write(properties: Any, change: Change) -> None:  # noqa: ANN401 - a proxy
    *way, last = change.path
    place = properties
    for key in way:
        if isinstance(place, Mapping) and (key not in list(place) or place[key] is None):
            place[key] = {}  # type: ignore[index]  # the SDK's proxies can be written to
        place = place[key]
    # Behind the proxy, which can neither remove nor append, and which forgets that an element of a
    # list was secret.
    target = place["__target"]
    if change.value is REMOVED:
        del target[last]
    elif isinstance(target, list) and last == len(target):
        target.append(change.value)
    else:
        before = target.get(last) if isinstance(target, dict) else target[last]
        target[last] = sdk.Secret(change.value) if _holds_secret(before) else change.value


def _holds_secret(value: Any) -> bool:  # noqa: ANN401 - any property
    """Whether anything in a value is secret, such as in an object that a text will replace."""
    if isinstance(value, list):
        return any(map(_holds_secret, value))
    if isinstance(value, Mapping):  # a proxy, which says of nothing that it is secret
        return any(map(_holds_secret, value["__target"].values()))
    return isinstance(value, sdk.Secret)


def _validate_stack(
    rule: StackRule,
    configured: Configured,
    args: sdk.StackValidationArgs,
    report: sdk.ReportViolation,
) -> None:
    if not any(resource.resource_type in rule.types for resource in args.resources):
        return
    stack: Stack = _once(args, lambda: Stack(tuple(map(_member, args.resources))))
    given = configured()
    names = {member.urn: member.name for member in stack.members}

    def judge() -> Iterable[Finding]:
        for finding in rule.check(stack.under(given)):
            urn = finding.urn if isinstance(finding, Violation) else ""
            if not (rule.can_be_exempted_from and exemption_of(given, names.get(urn, ""), urn)):
                yield finding

    _run(rule, judge, report)


def _member(resource: sdk.PolicyResource) -> Member:
    return Member(
        type=resource.resource_type,
        name=resource.name,
        urn=resource.urn,
        outputs=partial(_outputs, resource),
        dependencies={
            key: tuple(other.urn for other in others)
            for key, others in resource.property_dependencies.items()
        },
    )


def _outputs(resource: sdk.PolicyResource) -> Place:
    """Return a resource's outputs, as far as a preview allows.

    A provider whose configuration isn't known yet (Kubernetes before its cluster exists) answers a
    preview with no outputs at all: then nothing is known. Otherwise an unknown output that the
    program didn't give is the provider's to choose, so for a rule it is absent. The engine records
    what every given property is made from, even if from nothing.
    """
    outputs = plain(resource.props)
    if not isinstance(outputs, dict) or not outputs:
        return Place(UNKNOWN, "its properties")
    given = resource.property_dependencies
    return Place({k: v for k, v in outputs.items() if v is not UNKNOWN or k in given}, "")


def _run(
    rule: AnyRule, judge: Callable[[], Iterable[Finding]], report: sdk.ReportViolation
) -> None:
    """Report what `judge` finds: violations first, then what couldn't be decided.

    Without this order one unknown would hide the violations that are certain.
    """
    findings: list[Finding] = []
    try:
        findings.extend(judge())
    except Exception as error:  # noqa: BLE001 - an exception would fail every resource's deployment
        # Fails closed, and without the exception's text: it may quote a value.
        findings.append(Violation(f"the rule failed ({type(error).__name__}); please report this"))
    for violation in dict.fromkeys(f for f in findings if isinstance(f, Violation)):
        report(f"{violation.message}. {rule.fix}", violation.urn or None)
    undecided = sorted({f.path for f in findings if isinstance(f, Undecided)})
    if undecided:
        raise _not_known_yet(undecided)


def _not_known_yet(paths: Sequence[str]) -> proxy.UnknownValueError:
    """Return what makes the SDK note that a rule couldn't be decided in this preview.

    The SDK's own error names one property only; this one names them all.
    """
    error = proxy.UnknownValueError(proxy.UNKNOWN_STRING_VALUE, list(paths))
    error.message = f"{', '.join(paths)} can't be known during preview"
    return error
