"""The pack's search for privilege escalation beside cloudsplaining's: docs/policy_oracle."""
