# ruff: noqa: INP001 - the engine runs this folder, under whatever name, as a program
"""The policy pack: serves the rules of `fargate_policies` to the Pulumi engine.

The only place that constructs a PolicyPack, since that starts a server and never returns. The
import is absolute because the pack's folder, under whatever name, is where Python starts.
"""

from fargate_policies.catalogue import RULES
from fargate_policies.core.adapter import to_policy
from pulumi_policy import PolicyPack

PolicyPack(name="fargate", policies=[to_policy(rule) for rule in RULES])
