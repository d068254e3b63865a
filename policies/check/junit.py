"""Findings as a JUnit report, which CI systems show as tests."""

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from fargate_policies.core.rule import AnyRule

from check.evaluation import Finding, Level
from check.text import clean


def as_junit(
    rules: Sequence[AnyRule], disabled: Sequence[AnyRule], findings: Sequence[Finding], file: str
) -> str:
    """Return a test for each rule that finds nothing, and one for each finding.

    A violation of a mandatory rule is a failure, what can't be decided or is exempt is a skipped
    test, a rule that is disabled too, and advice is a passed test with output.
    """
    tests = [test for rule in rules for test in _tests(rule, findings)]
    tests += map(_skipped, disabled)
    counts = {
        "tests": str(len(tests)),
        "failures": str(sum(test.find("failure") is not None for test in tests)),
        "errors": "0",
        "skipped": str(sum(test.find("skipped") is not None for test in tests)),
    }
    root = ET.Element("testsuites", counts)
    suite = ET.SubElement(root, "testsuite", {"name": clean(f"policies: {file}"), **counts})
    suite.extend(tests)
    ET.indent(root)
    # Characters beyond ASCII are written as references: any output stream can take them.
    text: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return text.decode("ascii")


def _skipped(rule: AnyRule) -> ET.Element:
    test = ET.Element("testcase", {"classname": rule.name, "name": rule.description})
    ET.SubElement(test, "skipped", {"message": "disabled by the configuration"})
    return test


def _tests(rule: AnyRule, findings: Sequence[Finding]) -> Iterator[ET.Element]:
    own = [finding for finding in findings if finding.rule is rule]
    if not own:
        yield ET.Element("testcase", {"classname": rule.name, "name": rule.description})
    for finding in own:
        attributes = {"classname": rule.name, "name": clean(finding.resource)}
        test = ET.Element("testcase", attributes)
        message = clean(finding.message)
        if finding.exemption:
            why = f"exempt {clean(finding.exemption.because)}: {message}"
            ET.SubElement(test, "skipped", {"message": why})
        elif finding.level is Level.MANDATORY:
            failure = ET.SubElement(test, "failure", {"message": message, "type": rule.name})
            failure.text = f"{rule.description}\n{message}\n{clean(finding.urn)}"
        elif finding.level is Level.UNDECIDED:
            ET.SubElement(test, "skipped", {"message": message})
        else:
            ET.SubElement(test, "system-out").text = f"advice: {message}"
        yield test
