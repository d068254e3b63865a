"""What a newcomer reads first: how to run it, and how the same program goes to AWS."""

import re
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def commands(text: str) -> list[list[str]]:
    """Return the commands of each code block that holds some, without their comments."""
    blocks = re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [[line.partition("#")[0].strip() for line in block.splitlines()] for block in blocks]


def test_it_opens_with_the_two_commands_that_run_and_check_everything() -> None:
    title, _, rest = README.partition("\n")
    assert title.startswith("# ")
    assert rest.strip().startswith("```\n"), "no word stands before the commands"
    assert commands(README)[0] == ["make up", "make test"]


def test_it_then_says_how_the_same_program_goes_to_aws() -> None:
    _, _, section = README.partition("\n## To AWS\n")
    assert section.lstrip().startswith("The same program, ")
    assert commands(section)[0] == [
        "make install",
        "pulumi login",
        "pulumi stack init dev",
        "pulumi up --policy-pack policies",
    ]


def test_every_make_target_that_it_names_is_one() -> None:
    makefile = (Path(__file__).parents[2] / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE))
    assert named >= {"up", "test", "down"}
    assert named <= targets
