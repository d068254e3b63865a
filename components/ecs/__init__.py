"""The ECS cluster and the services that run on it."""
