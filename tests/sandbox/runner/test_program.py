import sys
from pathlib import Path

import pulumi
import pytest

from sandbox.configuration import Configuration
from sandbox.program import Program


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "leaky_state", raising=False)
    (tmp_path / "leaky_state.py").write_text("runs = []\n", encoding="utf-8")
    (tmp_path / "__main__.py").write_text(
        "import json\nimport leaky_state\n"
        "leaky_state.runs.append(1)\n"
        "with open('log', 'a') as file: file.write(json.dumps(leaky_state.runs) + '\\n')\n",
        encoding="utf-8",
    )
    return Program(tmp_path)


def test_every_run_starts_from_the_same_modules(program: Program, tmp_path: Path) -> None:
    program()
    program()
    assert (tmp_path / "log").read_text(encoding="utf-8") == "[1]\n[1]\n"


def test_libraries_are_imported_once(program: Program) -> None:
    program()
    before = sys.modules["pulumi"]
    program()
    assert sys.modules["pulumi"] is before
    assert "sandbox.program" in sys.modules


def test_it_runs_in_the_projects_folder(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    program()
    assert (tmp_path / "log").exists()


def test_a_refusal_keeps_its_message(program: Program, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(
        "import pulumi\nraise pulumi.RunError('services.web.port: 0 given')\n", encoding="utf-8"
    )
    with pytest.raises(pulumi.RunError):
        program()
    assert program.refusal == "services.web.port: 0 given"
    (tmp_path / "__main__.py").write_text("", encoding="utf-8")
    program()
    assert program.refusal is None


def rehearse(program: Program, text: str, **values: str) -> str | None:
    (Path.cwd() / "__main__.py").write_text(text, encoding="utf-8")
    given = {f"tiny:{key}": value for key, value in values.items()}
    return program.rehearse(Configuration("tiny", "dev", given, ("tiny:password",)))


def test_a_rehearsal_finds_the_refusal_without_an_engine(program: Program) -> None:
    text = """
import pulumi
if pulumi.Config().get_int("port") == 0:
    raise pulumi.RunError(f"port: 0 given, in {pulumi.get_project()}, {pulumi.get_stack()}")
"""
    assert rehearse(program, text, port="0") == "port: 0 given, in tiny, dev"
    assert rehearse(program, text, port="1") is None


def test_a_rehearsal_knows_which_values_are_secret(program: Program) -> None:
    text = """
import pulumi
from pulumi.runtime import config
if config.is_config_secret("tiny:password"):
    raise pulumi.RunError("password: is encrypted")
"""
    assert rehearse(program, text, password="[secret]") == "password: is encrypted"  # noqa: S106 - no password


@pytest.mark.parametrize(
    "engine_needed",
    [
        "import pulumi_aws\npulumi_aws.get_region()",
        "import pulumi_aws\ntry: pulumi_aws.get_region()\nexcept Exception: pass",
        "1 / 0",
        "import no_such_module",
    ],
)
def test_a_rehearsal_ends_where_an_engine_is_needed_or_the_program_breaks(
    program: Program, engine_needed: str
) -> None:
    after = "open('after', 'w').close()\nraise pulumi.RunError('too late')"
    assert rehearse(program, f"import pulumi\n{engine_needed}\n{after}") is None
    assert not (Path.cwd() / "after").exists()


def test_a_rehearsal_registers_nothing_and_says_nothing(
    program: Program, capfd: pytest.CaptureFixture[str]
) -> None:
    text = """
import pulumi
pulumi.log.warn("half of the story")
print("half of the output")
pulumi.ComponentResource("tiny:index:Box", "box")
"""
    assert rehearse(program, text) is None
    assert capfd.readouterr() == ("", "")


def test_a_rehearsal_leaves_nothing_for_the_run_after_it(program: Program, tmp_path: Path) -> None:
    before = pulumi.runtime.settings.get_monitor()
    program.rehearse(Configuration("tiny", "dev", {"tiny:port": "0"}))
    program()
    assert (tmp_path / "log").read_text(encoding="utf-8") == "[1]\n[1]\n"
    assert pulumi.Config("tiny").get("port") is None
    assert pulumi.runtime.settings.get_monitor() is before


def test_what_it_imports_is_imported_ahead(program: Program) -> None:
    program.warm_up().join()
    assert "leaky_state" in sys.modules


def test_a_program_that_cannot_be_imported_ahead_fails_when_it_runs(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text("import no_such_module\n", encoding="utf-8")
    program.warm_up().join()
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        program()
