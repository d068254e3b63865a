"""Documents and objects that several rules read: IAM, containers, pods, security groups."""
