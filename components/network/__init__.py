"""The VPC, its subnets and what leaves it: gateways, endpoints, flow logs."""
