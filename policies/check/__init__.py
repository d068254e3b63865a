"""The pack without an engine: its rules on what Pulumi has printed about a stack."""
