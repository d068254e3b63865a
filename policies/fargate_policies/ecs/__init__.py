"""Rules for ECS: clusters, services and task definitions."""
