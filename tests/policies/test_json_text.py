"""What is read of JSON that a property holds as text."""

import pytest
from fargate_policies.core.values import Place, Violation
from fargate_policies.models.json_text import parsed


@pytest.mark.parametrize("text", ["1e999", '{"cpu": -1e999}', "[Infinity]", "[NaN]"])
def test_a_number_that_is_none_for_aws_is_no_json(text: str) -> None:
    assert isinstance(parsed(Place(text, "definition")), Violation)


@pytest.mark.parametrize(("text", "value"), [("0.5", 0.5), ('{"a": 1.5e3}', {"a": 1500.0})])
def test_other_numbers_are_read(text: str, value: object) -> None:
    assert parsed(Place(text, "definition")) == Place(value, "definition")
