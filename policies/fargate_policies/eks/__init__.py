"""Rules for EKS: clusters, Fargate profiles and the roles of pods."""
