"""The smallest policy pack: what a preview with any pack of Python takes at least."""

import pulumi_policy

pulumi_policy.PolicyPack(
    "smallest",
    [
        pulumi_policy.ResourceValidationPolicy(
            "nothing", "Says nothing.", validate=lambda _args, _report: None
        )
    ],
)
