"""Ignore files leave out of a build what Docker leaves out."""

import pytest

from components.images.dockerignore import is_ignored, parse


@pytest.mark.parametrize(
    ("text", "ignored", "kept"),
    [
        ("", [], ["a", "a/b"]),
        ("# a\n\n  \n", [], ["a", "# a"]),
        ("a", ["a", "a/b", "a/b/c"], ["b", "b/a", "ab"]),
        ("/a", ["a", "a/b"], ["b/a"]),
        ("./a/", ["a", "a/b"], ["b/a"]),
        ("a/../b", ["b"], ["a"]),
        ("*.py", ["x.py"], ["a/x.py", "x.pyc"]),
        ("*/x", ["a/x", "a/x/b"], ["x", "a/b/x"]),
        ("?", ["a"], ["ab", "b.c"]),
        ("**/x", ["x", "a/x", "a/b/x", "a/x/c"], ["ax"]),
        ("**/*.py", ["x.py", "a/x.py"], ["x.pyc"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "ab/c"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["b", "a/xb"]),
        ("**", ["a", "a/b"], []),
        ("**foo", ["foo", "xfoo", "a/xfoo"], ["foox"]),
        ("[ab]", ["a", "b"], ["c", "ab"]),
        ("[^a]", ["b"], ["a"]),
        (r"\*", ["*"], ["a"]),
        ("a.b", ["a.b"], ["axb"]),
        ("*\n!x.py", ["a", "a/x.py"], ["x.py"]),
        ("!x.py\n*", ["x.py"], []),
        ("a\n!a/b\na/b/c", ["a/x", "a/b/c"], ["a/b", "a/b/x"]),
        ("\ufeffa", ["a"], ["b"]),
        ("a\r\nb", ["a", "b"], ["c"]),
        ("! a\na\n!  a/b", ["a/c"], ["a/b"]),
    ],
)
def test_a_file_is_left_out_as_docker_leaves_it_out(
    text: str, ignored: list[str], kept: list[str]
) -> None:
    patterns = parse(text)
    assert {path: is_ignored(path, patterns) for path in (*ignored, *kept)} == {
        **dict.fromkeys(ignored, True),
        **dict.fromkeys(kept, False),
    }


@pytest.mark.parametrize("text", ["!", "a[", "a\\", "[]"])
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        parse(text)
