"""What the policy pack adds to a preview: `make bench-policies`."""
