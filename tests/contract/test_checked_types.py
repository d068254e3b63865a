"""The sandbox checks the inputs of each AWS resource type that the program makes."""

import json

from sandbox.standins.aws.catalogue import KINDS
from tests.unit.support.programs import EVERY_STACK, ROOT, platform

REMOTE = json.loads((ROOT / "tests/sandbox/data/remote-components.json").read_text("utf-8"))
"""What awsx and pulumi-eks register below their components, outside the program."""


def test_every_type_of_every_stack_file_is_checked_against_its_api() -> None:
    made = {
        found.type
        for stack in EVERY_STACK
        for found in platform(stack, preview=False).registrations
    }
    made |= {
        child["type"]
        for children in REMOTE.values()
        if isinstance(children, list)
        for child in children
    }
    types = {type_ for type_ in made if type_.startswith("aws:")}
    assert len(types) > 50
    assert types - KINDS.keys() == set()
    assert {type_ for type_ in types if not KINDS[type_].operations} == set()
