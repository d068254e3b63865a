"""Settings of all roles."""

from typing import Annotated

from components.settings.base import Model, matching


class IamSettings(Model):
    """What holds for every IAM role that this stack creates."""

    permission_boundary: (
        Annotated[
            str,
            matching(
                r"arn:aws(-cn|-us-gov)?:iam::(\d{12}|aws):policy/[\w+=,.@/-]+",
                "must be the full ARN of a managed policy, such as "
                "arn:aws:iam::111122223333:policy/workload-boundary",
            ),
        ]
        | None
    ) = None
    """A managed policy of this account that limits what any role of the stack can do, whatever its
    own policies allow (a permissions boundary); none by default. It costs nothing."""
