"""Who can reach whom, by security groups."""
