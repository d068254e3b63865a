"""Rules for Kubernetes objects: pods, Jobs, service accounts, security groups for pods."""
