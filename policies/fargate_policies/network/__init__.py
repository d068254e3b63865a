"""Rules for networks: subnets and security groups."""
