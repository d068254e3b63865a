"""Rules for IAM: who may assume a role, and what roles may do."""
