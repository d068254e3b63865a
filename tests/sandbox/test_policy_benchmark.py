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
        r"^\| (\d+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| (\d+) \|$",
        done.stdout,
        re.MULTILINE,
    )
    assert [row[0] for row in rows] == ["20", "30"]
    for _, without, with_pack, ratio, busy, memory in rows:
        assert float(without) > 0
        assert float(ratio) == pytest.approx(float(with_pack) / float(without), rel=0.2)
        assert float(busy) > 0
        assert int(memory) > 10
