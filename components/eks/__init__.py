"""The EKS cluster, what it needs for Fargate, and the services that run on it."""
