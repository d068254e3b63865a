"""A Dockerfile's stages, and the platform that one of them demands."""

import pytest

from components.images.dockerfile import built_stage, fixed_platform, stages

STAGES = """\
# syntax=docker/dockerfile:1
ARG VERSION=1
FROM --platform=$BUILDPLATFORM golang:1 AS Build
RUN <<EOF cat > query.sql
SELECT *
FROM users AS app
EOF
from --platform=linux/amd64 \\
  alpine:3 as base

FROM base AS app
COPY --from=build /x /x
FROM scratch
"""


def test_stages_are_found_by_from_and_never_in_a_heredoc() -> None:
    assert [stage.name for stage in stages(STAGES)] == ["build", "base", "app", "3"]


@pytest.mark.parametrize(
    ("target", "base"),
    [(None, "scratch"), ("app", "base"), ("BUILD", "golang:1"), ("1", "alpine:3")],
)
def test_the_target_is_built_by_name_or_number_and_the_last_without(
    target: str | None, base: str
) -> None:
    stage = built_stage(stages(STAGES), target)
    assert stage is not None
    assert stage.base == base


@pytest.mark.parametrize("text", ["", "RUN x", "# FROM x"])
def test_a_file_without_from_has_no_stage(text: str) -> None:
    assert built_stage(stages(text), None) is None
    assert built_stage(stages(STAGES), "nobody") is None


@pytest.mark.parametrize(
    ("target", "platform"),
    [("build", None), ("base", "linux/amd64"), ("app", "linux/amd64"), (None, None)],
)
def test_a_fixed_platform_comes_with_the_stage_or_what_it_begins_with(
    target: str | None, platform: str | None
) -> None:
    found = stages(STAGES)
    stage = built_stage(found, target)
    assert stage is not None
    assert fixed_platform(found, stage) == platform
