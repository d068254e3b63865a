"""Settings of capacity: how tasks are divided between on-demand and Spot."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from components.settings.base import Model


class ProviderSettings(Model):
    """A capacity provider's part of the tasks."""

    base: Annotated[int, Field(ge=0, le=100_000)] = 0
    """Tasks that run here before any others are divided by weight, 0 to 100000. One provider alone
    may have a base."""
    weight: Annotated[int, Field(ge=0, le=1_000)] = 1
    """Share of the tasks beyond the base, in proportion to the other provider's, 0 to 1000; 0 for
    none."""


class DefaultCapacitySettings(Model):
    """Where tasks run that don't say it themselves, such as one that is started by hand."""

    on_demand: ProviderSettings = ProviderSettings()
    """Fargate at its ordinary price."""
    spot: ProviderSettings = ProviderSettings(weight=0)
    """Fargate Spot: about 70 % cheaper, and stopped with two minutes' notice. None by default."""

    @model_validator(mode="after")
    def _one_base(self) -> Self:
        if self.on_demand.base and self.spot.base:
            raise ValueError(
                f"onDemand.base ({self.on_demand.base}) and spot.base ({self.spot.base}) are both "
                "given; ECS takes a base from one provider only: set the other to 0"
            )
        return self

    @model_validator(mode="after")
    def _places_every_task(self) -> Self:
        for key, part in (("onDemand", self.on_demand), ("spot", self.spot)):
            if part.base and not part.weight:
                raise ValueError(
                    f"{key}.base is {part.base} and {key}.weight 0, and ECS places no task by a "
                    "provider of weight 0: give it a weight of 1 to 1000"
                )
        if not self.on_demand.weight and not self.spot.weight:
            raise ValueError(
                "onDemand.weight and spot.weight are both 0, and a task has to run somewhere: give "
                "one of them a weight of 1 to 1000"
            )
        return self


WORDS: Final[Mapping[str, Mapping[str, Mapping[str, int]]]] = {
    "on-demand": {"onDemand": {}},
    "spot": {"spot": {}},
}
"""What one word stands for: all tasks on one of the two."""


class CapacitySettings(Model):
    """Where a service's tasks run: on-demand, spot, or a mix of both (ECS only).

    Spot costs about 70 % less (a price that floats) and takes a task back at any time: it gets
    SIGTERM two minutes before, and SIGKILL after `stopTimeout`. So a service on Spot finishes on
    SIGTERM what it has begun, and with a route the deregistration delay stays below two minutes.
    When Spot runs out ECS waits for it and starts nothing on demand instead: a base on demand keeps
    the service alive. x86_64 and arm64. A change starts new tasks.
    """

    on_demand: ProviderSettings | None = None
    """Tasks on demand; in a mix usually those of the base."""
    spot: ProviderSettings | None = None
    """Tasks on Spot."""

    @model_validator(mode="before")
    @classmethod
    def _of_a_word(cls, given: Any) -> Any:  # noqa: ANN401 - whatever the stack file says
        if not isinstance(given, str):
            return given
        if given not in WORDS:
            raise ValueError(
                "must be on-demand, spot, or a mix such as {onDemand: {base: 1}, spot: {weight: 3}}"
            )
        return WORDS[given]

    @model_validator(mode="after")
    def _places_every_task(self) -> Self:
        if not self.on_demand and not self.spot:
            raise ValueError("names neither onDemand nor spot; a task has to run somewhere")
        for key, part in (("onDemand", self.on_demand), ("spot", self.spot)):
            if part and not part.weight:
                raise ValueError(
                    f"{key}.weight is 0, and ECS places no task by a provider of weight 0 (ECS API "
                    f"reference): remove {key}, or give it a weight of 1 to 1000"
                )
        if self.on_demand and self.spot and self.on_demand.base and self.spot.base:
            raise ValueError(
                f"onDemand.base ({self.on_demand.base}) and spot.base ({self.spot.base}) are "
                "given; ECS takes a base from one provider only: set the other to 0"
            )
        return self
