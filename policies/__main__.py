# ruff: noqa: INP001 - the engine runs this folder, under whatever name, as a program
"""The policy pack: serves the rules of `fargate_policies` to the Pulumi engine.

The only place that serves, since that goes on until the engine ends it. The imports are absolute
because the pack's folder, under whatever name, is where Python starts.
"""

from fargate_policies.catalogue import RULES
from fargate_policies.core.server import serve

serve("fargate", RULES)
