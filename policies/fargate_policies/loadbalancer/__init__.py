"""Rules for load balancers: listeners and target groups."""
