"""Rules for Kubernetes objects: pods, service accounts, security groups for pods."""
