"""Settings of one job: a container that starts when it is needed and stops when it is done."""

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from components.settings.base import NAME, Model
from components.settings.schedule import ScheduleSettings
from components.settings.service import SERVICE_NAME_LENGTH
from components.settings.task import TaskSettings

TRIGGERS: Final = ("schedule",)
"""Keys that say what starts a job; each job has one of them."""

JobName = Annotated[str, Field(max_length=SERVICE_NAME_LENGTH), NAME]
"""As short as a service's: both are in the same names."""


class DeliverySettings(Model):
    """How hard AWS tries to start a task. What it can't start goes to the job's dead-letter queue.

    It is about starting only: a task that has started and fails is not started again by it.
    """

    attempts: Annotated[int, Field(ge=0, le=185)] = 185
    """Tries after the first, 0 to 185, with growing pauses."""
    max_age: Annotated[int, Field(ge=60, le=86_400)] = 86_400
    """Seconds after which a start is given up, 60 to 86400: a report for 6 o'clock that can't start
    until 9 may not be wanted any more."""


class JobSettings(TaskSettings):
    """A container that starts when something asks for it, and stops when it is done.

    It is billed by the second while it runs, a minute at least, and costs nothing between.
    """

    schedule: ScheduleSettings | None = None
    """Start at times: again and again, or once."""
    delivery: DeliverySettings = DeliverySettings()
    """How hard AWS tries to start a task."""

    @model_validator(mode="after")
    def _has_one_trigger(self) -> Self:
        given = [key for key in TRIGGERS if getattr(self, key) is not None]
        if len(given) != 1:
            what = f"{' and '.join(given)} are given" if given else "none is given"
            raise ValueError(
                f"needs one of {', '.join(TRIGGERS)} to say what starts it; {what}; a job that two "
                "things start is two jobs with the same image"
            )
        return self
