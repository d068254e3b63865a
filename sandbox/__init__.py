"""The sandbox: this project's stacks on the real Pulumi engine, with stand-ins for the clouds.

Run it as ``python -m sandbox``; `sandbox.cli` lists its verbs and exit codes. It knows resource
types and the engine's protocols, nothing of what this project builds with them.
"""
