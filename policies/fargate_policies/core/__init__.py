"""What a rule is, the values it reads, and the bridge to the Pulumi engine."""
