"""Settings of deployments: how a new version takes over from the old one."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from components.settings.base import Model, each_once, matching

Strategy = Literal["rolling", "blue-green", "linear", "canary"]
Minutes = Annotated[int, Field(ge=0, le=1_440)]
AlarmName = Annotated[
    str,
    Field(max_length=255),
    matching(
        r"(?!arn:)[^,]+", "must be the name of a CloudWatch alarm, not its ARN, without a comma"
    ),
]
ALL = 100
"""Percent at which all of a service's tasks run and no more."""
STEP_MINUTES = {"linear": 6, "canary": 10}
STEP_PERCENT = {"linear": 10.0, "canary": 5.0}
SMALLEST_STEP = {"linear": 3.0, "canary": 0.1}


class DeploymentSettings(Model):
    """How tasks of a new version replace those of the old one.

    A deployment that fails (its tasks don't start, or an alarm rings) is rolled back by ECS, and
    the update fails. Blue/green, linear and canary run a full second set of tasks while they last,
    billed by the second, and shift the requests of a route from one target group to another.
    """

    strategy: Strategy = "rolling"
    """rolling replaces tasks in place; blue-green starts all new tasks and switches all requests;
    linear shifts equal steps; canary a small part, then the rest (all but rolling: ECS only, and a
    route is needed)."""
    minimum_healthy_percent: Annotated[int, Field(ge=0, le=100)] = 100
    """Part of the tasks that keeps running during a rolling deployment, in percent."""
    maximum_percent: Annotated[int, Field(ge=100, le=400)] = 200
    """Old and new tasks together during a rolling deployment, in percent. They all count against
    the account's Fargate quota (6 vCPU in a new account)."""
    step_percent: Annotated[float, Field(gt=0, lt=100)] | None = None
    """Requests that one step shifts, in percent, in tenths: 5 by default for canary (0.1 at least),
    10 for linear (3 at least)."""
    step_minutes: Minutes | None = None
    """Minutes between two steps, 0 to 1440: 10 by default for canary, 6 for linear."""
    bake_minutes: Minutes | None = None
    """Minutes for which the old tasks stay after all requests have shifted, ready to take them
    back, 0 to 1440: 3 by default, and none with rolling."""
    error_percent: Annotated[float, Field(ge=0.1, le=100)] | None = None
    """Answers with a 5xx status, in percent of all over a minute, at which the deployment is rolled
    back; it creates an alarm for each target group (0.30 USD a month; all strategies but rolling
    have two). 1 by default with a strategy other than rolling, none with rolling. A call by gRPC
    that fails has the status 200: it needs an alarm of the service's own below `alarms`."""
    alarms: Annotated[tuple[AlarmName, ...], Field(max_length=10), AfterValidator(each_once)] = ()
    """Existing CloudWatch alarms that roll the deployment back when they ring."""

    @model_validator(mode="after")
    def _fits_the_strategy(self) -> Self:
        if self.minimum_healthy_percent == self.maximum_percent == ALL:
            raise ValueError(
                "minimumHealthyPercent 100 with maximumPercent 100 leaves no room to start or stop "
                "a task; raise maximumPercent or lower minimumHealthyPercent"
            )
        if self.strategy not in STEP_PERCENT:
            for key, value in (
                ("stepPercent", self.step_percent),
                ("stepMinutes", self.step_minutes),
            ):
                if value is not None:
                    raise ValueError(
                        f"{key} is for linear and canary; {self.strategy} has no steps: remove it"
                    )
        elif self.step_percent is not None:
            self._check_step(self.step_percent)
        if self.strategy == "rolling" and self.bake_minutes is not None:
            raise ValueError(
                "bakeMinutes is for blue-green, linear and canary; rolling stops old tasks as it "
                "goes: remove it, or choose another strategy"
            )
        return self

    def _check_step(self, percent: float) -> None:
        if percent < SMALLEST_STEP[self.strategy] or round(percent * 10) != percent * 10:
            raise ValueError(
                f"stepPercent {percent:g} is given; {self.strategy} allows tenths from "
                f"{SMALLEST_STEP[self.strategy]:g} to below 100"
            )

    @property
    def shifts_traffic(self) -> bool:
        """Whether requests are shifted between two target groups."""
        return self.strategy != "rolling"

    @property
    def step(self) -> tuple[float, int] | None:
        """Percent and minutes of a step; None for a strategy without steps."""
        if self.strategy not in STEP_PERCENT:
            return None
        percent = STEP_PERCENT[self.strategy] if self.step_percent is None else self.step_percent
        minutes = STEP_MINUTES[self.strategy] if self.step_minutes is None else self.step_minutes
        return percent, minutes

    @property
    def bake(self) -> int:
        """Minutes for which old tasks stay."""
        return 3 if self.bake_minutes is None else self.bake_minutes

    @property
    def error_threshold(self) -> float | None:
        """Percent of failed answers at which the deployment is rolled back."""
        if self.error_percent is None and self.shifts_traffic:
            return 1.0
        return self.error_percent
