"""The parts of Pulumi's policy SDK that it doesn't publish and the pack builds on nevertheless.

`core/conversion.py` and `core/server.py` extend its servicer, `core/adapter.py` reads and writes
its values. A release that changes them fails here by name; that the servicer's answers stay the
same is what test_conversion.py shows.
"""

import inspect
from importlib import metadata

import pytest
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy import policy, proxy, secret
from pulumi_policy.deserialize import deserialize_properties

from tests.policies.protocol import PACK_FOLDER
from tests.policies.protocol import secret as hidden

SERVICER = getattr(policy, "_PolicyAnalyzerServicer", None)
RELEASE = f"pulumi-policy {metadata.version('pulumi-policy')}"
CALLS = ("Analyze", "AnalyzeStack", "Configure", "ConfigureStack", "Remediate")
UNKNOWN_OF = ("BOOLEAN", "NUMBER", "STRING", "ARRAY", "ASSET", "ARCHIVE", "OBJECT")


def test_the_requirements_admit_no_other_major_release() -> None:
    requirements = (PACK_FOLDER / "requirements.txt").read_text(encoding="utf-8").split()
    [bounds] = [line for line in requirements if line.startswith("pulumi-policy>=")]
    lowest, _, beyond = bounds.removeprefix("pulumi-policy>=").partition(",<")
    assert beyond == str(int(lowest.partition(".")[0]) + 1)


def test_the_servicer_is_there() -> None:
    assert SERVICER is not None, (
        f"{RELEASE} has no policy._PolicyAnalyzerServicer, which core/conversion.py extends"
    )
    assert issubclass(SERVICER, analyzer_pb2_grpc.AnalyzerServicer)


@pytest.mark.parametrize("call", CALLS)
def test_the_servicer_answers_what_the_pack_passes_on(call: str) -> None:
    method = vars(SERVICER).get(call)
    assert method is not None, f"{RELEASE} doesn't answer {call} in its servicer any more"
    given = list(inspect.signature(method).parameters)
    assert len(given) == 3, f"{RELEASE}: {call} takes {given}, not a request and a context"


def test_the_servicer_is_made_from_what_the_pack_gives() -> None:
    assert SERVICER is not None
    parameters = list(inspect.signature(SERVICER).parameters.values())
    first = [each.name for each in parameters[:4]]
    assert first == ["name", "version", "policies", "enforcement_level"], (
        f"{RELEASE}: the servicer is made from {first}; core/server.py gives it something else"
    )
    needed = [each.name for each in parameters[4:] if each.default is inspect.Parameter.empty]
    assert not needed, f"{RELEASE}: the servicer needs {needed} too; core/server.py gives none"


def test_the_values_that_stand_for_unknown_ones_are_known_to_the_pack() -> None:
    there = {name for name in vars(proxy) if name.startswith("UNKNOWN_")}
    known = {f"UNKNOWN_{kind}_VALUE" for kind in UNKNOWN_OF}
    assert there == known, f"{RELEASE}: core/wire.py doesn't know {there ^ known}"


def test_the_note_about_an_unknown_value_can_name_several_properties() -> None:
    error = proxy.UnknownValueError(proxy.UNKNOWN_STRING_VALUE, ["a", "b"])
    changed = f"{RELEASE}: UnknownValueError changed, which core/adapter.py and check/ build on"
    assert error.props == ["a", "b"], changed
    assert isinstance(error.message, str), changed


def test_what_is_behind_a_proxy_can_be_reached() -> None:
    changed = f"{RELEASE}: the proxies changed, behind which core/adapter.py writes"
    of_a_remediation = proxy.unknown_checking_proxy(
        deserialize_properties({"a": [hidden("x")], "b": {"c": "d"}}, proxy_secrets=True)
    )
    elements = of_a_remediation["a"]["__target"]
    assert isinstance(elements, list), changed
    assert isinstance(elements[0], secret.Secret), changed
    assert isinstance(of_a_remediation["b"]["__target"], dict), changed
