from collections.abc import Callable

import pytest
from ruamel.yaml import YAML

from sandbox import copies
from sandbox.errors import BadInputError
from sandbox.layout import Layout


def read(layout: Layout) -> dict:  # type: ignore[type-arg]  # whatever YAML holds
    return dict(YAML(typ="safe").load(layout.stack_copy.read_text(encoding="utf-8")))


def fake_cli(layout: Layout) -> Callable[[str], None]:
    """What `pulumi config set --secret` does to the stack file."""

    def encrypt(value: str) -> None:
        copy = read(layout) if layout.stack_copy.read_text(encoding="utf-8").strip() else {}
        copy.setdefault("encryptionsalt", "salt")
        copy["config"] = {copies.PLACEHOLDER_KEY: {"secure": f"v1:{len(value)}"}}
        with layout.stack_copy.open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(copy, file)

    return encrypt


def never(_: str) -> None:
    pytest.fail("the CLI was called for a stack without secrets")


def write(layout: Layout, text: str, encrypt: Callable[[str], None] = never) -> None:
    layout.stack_file.write_text(text, encoding="utf-8")
    copies.write_stack(layout, copies.load_stack(layout), encrypt)


def test_the_projects_own_files_are_not_changed(layout: Layout) -> None:
    before = [(layout.root / name).read_bytes() for name in ("Pulumi.yaml", "Pulumi.dev.yaml")]
    copies.write_project(layout, copies.load_project(layout))
    copies.write_stack(layout, copies.load_stack(layout), never)
    after = [(layout.root / name).read_bytes() for name in ("Pulumi.yaml", "Pulumi.dev.yaml")]
    assert before == after


def test_the_project_copy_names_the_repository(layout: Layout) -> None:
    (layout.root / "Pulumi.yaml").write_text(
        "name: tiny\nruntime: python\nbackend: {url: s3://elsewhere}\nstackConfigDir: x\n",
        encoding="utf-8",
    )
    copies.write_project(layout, copies.load_project(layout))
    project = YAML(typ="safe").load(layout.project_copy.read_text(encoding="utf-8"))
    assert project == {"name": "tiny", "runtime": "python", "main": str(layout.root)}


def test_the_secrets_provider_is_dropped(layout: Layout) -> None:
    write(
        layout,
        "secretsprovider: awskms://alias/x\nencryptedkey: k\nencryptionsalt: s\nconfig:\n  a: 1\n",
    )
    assert read(layout) == {"config": {"a": 1}}


def test_secrets_become_placeholders_wherever_they_are(layout: Layout) -> None:
    text = """
config:
  top: {secure: canary}
  deep:
    list: [1, {secure: canary}]
    map: {a: {secure: canary}, b: 2}
"""
    write(layout, text, fake_cli(layout))
    secret = {"secure": f"v1:{len(copies.PLACEHOLDER)}"}
    assert read(layout) == {
        "encryptionsalt": "salt",
        "config": {"top": secret, "deep": {"list": [1, secret], "map": {"a": secret, "b": 2}}},
    }


def test_a_placeholder_is_encrypted_once(layout: Layout) -> None:
    write(layout, "config: {a: {secure: x}}", fake_cli(layout))
    write(layout, "config: {a: {secure: x}, b: {secure: y}}", never)
    assert read(layout)["config"]["b"] == read(layout)["config"]["a"]


def test_a_placeholder_of_another_key_is_not_used(layout: Layout) -> None:
    write(layout, "config: {a: {secure: x}}", fake_cli(layout))
    layout.stack_copy.write_text("encryptionsalt: other\n", encoding="utf-8")
    write(layout, "config: {a: {secure: x}}", fake_cli(layout))
    assert read(layout)["encryptionsalt"] == "other"


def test_the_sandboxes_own_salt_stays(layout: Layout) -> None:
    layout.stack_copy.write_text("encryptionsalt: mine\nconfig: {old: 1}\n", encoding="utf-8")
    write(layout, "encryptionsalt: theirs\nconfig: {new: 1}\n")
    assert read(layout) == {"encryptionsalt": "mine", "config": {"new": 1}}


def test_values_are_read_as_yaml_1_2_and_left_as_they_are(layout: Layout) -> None:
    write(layout, 'config:\n  at: 22:00\n  on: "012"\n  off: 1.10\n')
    assert layout.stack_copy.read_text(encoding="utf-8") == (
        'config:\n  at: 22:00\n  on: "012"\n  off: 1.10\n'
    )


def test_a_missing_stack_file_names_those_that_exist(layout: Layout) -> None:
    with pytest.raises(BadInputError, match=r"no .*Pulumi\.nope\.yaml.*The stacks here are dev\."):
        copies.load_stack(Layout.for_stack("nope", layout.root))


@pytest.mark.parametrize(
    ("text", "message"),
    [("a: [", "line 1"), ("a: 1\na: 2", "line 2"), ("- a", "must hold keys and values")],
)
def test_a_broken_stack_file_is_named_with_the_place(
    layout: Layout, text: str, message: str
) -> None:
    layout.stack_file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=message) as caught:
        copies.load_stack(layout)
    assert str(layout.stack_file) in str(caught.value)


def test_a_project_without_a_pack_is_refused(layout: Layout) -> None:
    copies.check_pack(layout, by_language_host=False)
    (layout.policies / "PulumiPolicy.yaml").unlink()
    with pytest.raises(BadInputError, match="without its policy pack"):
        copies.check_pack(layout, by_language_host=False)


def test_a_pack_whose_virtual_environment_is_missing_is_refused_where_it_is_used(
    layout: Layout,
) -> None:
    copies.check_pack(layout, by_language_host=False)
    with pytest.raises(BadInputError, match=r"names the virtual environment \.\./\.venv"):
        copies.check_pack(layout, by_language_host=True)
    interpreter = layout.root / ".venv" / "bin" / "python"
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    copies.check_pack(layout, by_language_host=True)
