"""Settings of automatic scaling."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from components.settings.base import Model


class ScalingSettings(Model):
    """How many tasks or pods run, following their CPU."""

    min: Annotated[int, Field(ge=1, le=1_000)] = 1
    """Smallest number of tasks; 2 or more survive the loss of a zone."""
    max: Annotated[int, Field(ge=1, le=5_000)] = 4
    """Largest number of tasks (ECS allows 5,000 a service)."""
    cpu: Annotated[int, Field(ge=10, le=90)] = 60
    """Average CPU, in percent of what was asked for, that scaling holds."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) must not exceed max ({self.max})")
        return self
