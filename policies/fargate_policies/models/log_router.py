"""The log router that EKS runs for pods on Fargate: where it sends what they write.

It reads its configuration from one ConfigMap, the same in every cluster (EKS user guide, "Start AWS
Fargate logging for your cluster"). The router is Fluent Bit, whose options FireLens takes too.
"""

import re
from typing import Final

from ..core.rule import Member
from ..core.values import UNKNOWN, Place, Value

CONFIG_MAP: Final = "kubernetes:core/v1:ConfigMap"
NAMESPACE: Final = "kubernetes:core/v1:Namespace"
_NAMES: Final = {"name": "aws-logging", "namespace": "aws-observability"}
_OUTPUT: Final = re.compile(
    r"^[ \t]*\[output\][ \t]*$(.*?)(?=^[ \t]*\[|\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE
)
_OPTION: Final = re.compile(r"^[ \t]*(\S+)[ \t]+(.*)$", re.MULTILINE)
_VARIABLE: Final = re.compile(r"\$(?:\([^)]*\)|\w+(?:\[[^]]*\])*)")
"""What stands for a value of the record, such as $kubernetes['namespace_name']."""


def configures_router(config_map: Member) -> bool | None:
    """Whether a ConfigMap is the log router's; None if its name isn't known yet."""
    found = {key: config_map.at("metadata", key).value for key in _NAMES}
    if any(found[key] not in (name, UNKNOWN) for key, name in _NAMES.items()):
        return False
    return None if UNKNOWN in found.values() else True


def is_routers(namespace: Member) -> bool:
    """Whether a namespace is the one that the log router looks into."""
    return namespace.at("metadata", "name").text == _NAMES["namespace"]


def outputs(config_map: Member) -> list[Place]:
    """Return the options of each place that the router writes to, with keys in lower case."""
    conf = config_map.at("data", "output.conf")
    if not conf.known:
        return [conf]
    return [
        in_lower_case(Place(_options(section), f"{conf.path}[{index}]"))
        for index, section in enumerate(_OUTPUT.findall(conf.text))
    ]


def _options(section: str) -> dict[str, str]:
    return {key: value.strip() for key, value in _OPTION.findall(section)}


def in_lower_case(options: Place) -> Place:
    """Return options with keys in lower case: Fluent Bit takes any."""
    if not isinstance(options.value, dict):
        return options
    return Place({key.lower(): value for key, value in options.value.items()}, options.path)


def is_on(value: Value) -> bool:
    """Whether a flag of Fluent Bit's is on."""
    return str(value).lower() in {"true", "on", "yes"}


def pattern_of(name: str) -> str:
    """Return a log group's name with `*` for what the record says."""
    return _VARIABLE.sub("*", name)
