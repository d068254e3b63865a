from typing import Any

from pulumi.automation.events import EngineEvent

from sandbox.outcome import Outcome

URN = "urn:pulumi:dev::tiny::my:module:Thing$aws:sqs/queue:Queue::jobs"


def outcome(*events: dict[str, Any]) -> Outcome:
    taken = Outcome("preview")
    for event in events:
        taken.take(EngineEvent.from_json(event))
    return taken


def violation(level: str, message: str = "too big") -> dict[str, Any]:
    return {
        "policyEvent": {
            "resourceUrn": URN,
            "message": f"<{{%reset%}}>{message}<{{%reset%}}>\n",
            "color": "raw",
            "policyName": "queue-safe",
            "policyPackName": "fargate",
            "policyPackVersion": "0.1.0",
            "policyPackVersionTag": "0.1.0",
            "enforcementLevel": level,
        }
    }


def outputs(old: dict[str, Any] | None, new: dict[str, Any], *, custom: bool) -> dict[str, Any]:
    def state(values: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "t",
            "urn": URN,
            "id": "",
            "parent": "",
            "provider": "",
            "custom": custom,
            "inputs": {},
            "outputs": values,
        }

    return {
        "resOutputsEvent": {
            "metadata": {
                "op": "same",
                "urn": URN,
                "type": "t",
                "provider": "",
                "old": None if old is None else state(old),
                "new": state(new),
            }
        }
    }


def test_mandatory_violations_block_and_others_advise() -> None:
    found = outcome(violation("mandatory"), violation("advisory"))
    assert [one.level for one in found.blocking] == ["mandatory"]
    assert [one.level for one in found.advice] == ["advisory"]
    assert found.blocking[0].resource == "aws:sqs/queue:Queue jobs"
    assert found.blocking[0].message == "too big"


def test_a_finding_of_several_runs_is_told_once() -> None:
    assert len(outcome(violation("advisory"), violation("advisory")).violations) == 1


def test_the_policy_result_is_there_for_machines() -> None:
    summary = {
        "summaryEvent": {
            "maybeCorrupt": False,
            "durationSeconds": 1,
            "resourceChanges": {"create": 2},
            "PolicyPacks": {"fargate|local|/somewhere": "0.1.0"},
        }
    }
    found = outcome(violation("mandatory"), summary)
    assert found.changes == {"create": 2}
    assert found.policies() == {
        "packs": [{"name": "fargate", "version": "0.1.0"}],
        "violations": [
            {
                "policy": "queue-safe",
                "policyPack": "fargate",
                "enforcementLevel": "mandatory",
                "urn": URN,
                "message": "too big",
            }
        ],
    }


def test_messages_lose_their_colours_and_passing_ones_are_left_out() -> None:
    def said(message: str, *, ephemeral: bool, severity: str = "warning") -> dict[str, Any]:
        return {
            "diagnosticEvent": {
                "message": message,
                "color": "raw",
                "severity": severity,
                "ephemeral": ephemeral,
                "prefix": "<{%fg 5%}>warning: <{%reset%}>",
            }
        }

    found = outcome(said("a<{%reset%}>", ephemeral=False), said("b", ephemeral=True))
    assert [one.message for one in found.warnings] == ["warning: a"]
    from_path = "using pulumi-analyzer-policy-python from $PATH"
    assert outcome(said(from_path, ephemeral=False)).warnings == []


def test_changed_outputs_of_components_count_and_those_of_resources_do_not() -> None:
    assert outcome(outputs({"a": 1}, {"a": 2}, custom=False)).outputs_change
    assert outcome(outputs(None, {"a": 2}, custom=False)).outputs_change
    assert not outcome(outputs({"a": 1}, {"a": 1}, custom=False)).outputs_change
    assert not outcome(outputs({"a": 1}, {}, custom=True)).outputs_change
