"""The log router's configuration: what EKS accepts, and one output for all pods."""

import re

from hypothesis import given
from hypothesis import strategies as st

from components.eks.logging import LARGEST_CONFIG, logging_config

CONFIG = logging_config("eu-west-1", "/aws/eks/platform-test-eks/pods")


@given(region=st.text("abc-1", max_size=20), group=st.text("abc-/", max_size=512))
def test_it_stays_within_what_eks_reads_for_every_region_and_group(region: str, group: str) -> None:
    assert LARGEST_CONFIG == 5_300
    assert sum(len(key) + len(text) for key, text in logging_config(region, group).items()) <= 5_300


def test_there_is_one_output_with_a_stream_for_each_pod_into_the_group_that_exists() -> None:
    assert "".join(CONFIG.values()).count("[OUTPUT]") == 1
    settings = dict(re.findall(r"^ {4}(\S+) (.+)$", CONFIG["output.conf"], re.MULTILINE))
    assert settings == {
        "Name": "cloudwatch_logs",
        "Match": "kube.*",
        "region": "eu-west-1",
        "log_group_name": "/aws/eks/platform-test-eks/pods",
        "log_stream_prefix": "pods-",
        "auto_create_group": "false",
    }


def test_lines_are_parsed_and_then_get_the_names_of_their_pod() -> None:
    sections = [
        dict(re.findall(r"^ {4}(\S+) (.+)$", section, re.MULTILINE))
        for section in CONFIG["filters.conf"].split("[FILTER]\n")
    ]
    nothing, first, second = sections
    assert nothing == {}
    # What the container wrote is what stands behind the time, the stream and the flag.
    assert first == {"Name": "parser", "Match": "kube.*", "Key_name": "log", "Parser": "crio"}
    # Namespace, pod and container (EKS user guide, "Start AWS Fargate logging"): one group holds
    # the lines of all pods. A line of JSON becomes fields; no buffer is too small for a pod.
    assert second == {
        "Name": "kubernetes",
        "Match": "kube.*",
        "Merge_Log": "On",
        "Buffer_Size": "0",
        "Kube_Meta_Cache_TTL": "300s",
    }


def test_eks_reads_no_other_keys() -> None:
    allowed = {"filters.conf", "output.conf", "parsers.conf", "flb_log_cw"}
    assert CONFIG.keys() <= allowed


def test_every_parser_that_a_filter_names_is_defined() -> None:
    named = set(re.findall(r"^ {4}Parser (\S+)$", CONFIG["filters.conf"], re.MULTILINE))
    defined = set(re.findall(r"^ {4}Name (\S+)$", CONFIG["parsers.conf"], re.MULTILINE))
    assert named
    assert named <= defined


def test_the_parser_reads_a_line_as_containerd_writes_it() -> None:
    (pattern,) = re.findall(r"^ {4}Regex (.+)$", CONFIG["parsers.conf"], re.MULTILINE)
    line = "2026-11-23T10:00:00.123456789+00:00 stdout F hello, world"
    found = re.match(pattern.replace("(?<", "(?P<"), line)
    assert found
    assert found["log"] == "hello, world"
    assert found["stream"] == "stdout"
