"""The benchmark of the policy pack runs, so that its figures can be had again."""

import re
import subprocess
import sys

import pytest

from tests.sandbox.project import ROOT

pytestmark = pytest.mark.engine


def test_it_prints_a_row_for_each_size() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.policies.benchmark", "20", "30"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    rows = re.findall(
        r"^\| (\d+)((?: \| [\d.]+){6}) \| (\d+) \|$",
        done.stdout,
        re.MULTILINE,
    )
    assert [row[0] for row in rows] == ["20", "30"]
    for _, figures, memory in rows:
        without, smallest, of_it, own, of_own, busy = map(float, figures.split(" | ")[1:])
        assert without > 0
        assert of_it == pytest.approx(smallest / without, rel=0.2)
        assert of_own == pytest.approx(own / without, rel=0.2)
        assert busy > 0
        assert int(memory) > 10
