"""Settings of a task that runs at deployment, such as a database migration."""

from typing import Annotated, Final

from pydantic import Field

from components.settings.base import Model

LONGEST_RUN: Final = 840
"""Seconds that such a task may take: the function that waits for it ends after 900 (Lambda quotas),
and the rest is for starting and stopping it."""


class AtDeploymentSettings(Model):
    """A task that the deployment runs and waits for.

    It runs when it is new and when its task definition changes, as with another image, command,
    environment or size; not otherwise. When it fails, or takes longer than its timeout, the
    deployment fails, and services that have it in `after` stay as they were. A preview never runs
    it. The work has to bear being done twice.
    """

    again: Annotated[str, Field(min_length=1, max_length=256)] | None = None
    """Any text, such as a date or a ticket: another one runs the task again though nothing else has
    changed."""
