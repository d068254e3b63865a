"""The benchmark of the policy pack runs, so that its figures can be had again."""

import re
import subprocess
import sys

import pytest

from tests.sandbox.project import ROOT

pytestmark = pytest.mark.engine


def test_it_prints_a_row_for_each_kind_of_stack_and_size() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.policies.benchmark", "--rounds", "1", "90", "140"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    rows = re.findall(
        r"^\| (\w+) \| (\d+)((?: \| [\d.]+){6}) \| (\d+) \|$",
        done.stdout,
        re.MULTILINE,
    )
    assert [row[0] for row in rows] == ["platform", "platform", "bare", "bare"]
    created = [int(row[1]) for row in rows]
    assert created == pytest.approx([90, 140, 90, 140], rel=0.1)
    for _, _, figures, memory in rows:
        without, smallest, of_it, own, of_own, busy = map(float, figures.split(" | ")[1:])
        assert without > 0
        assert of_it == pytest.approx(smallest / without, rel=0.2)
        assert of_own == pytest.approx(own / without, rel=0.2)
        assert busy > 0
        assert int(memory) > 10
