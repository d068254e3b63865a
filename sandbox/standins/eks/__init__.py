"""The stand-in for the eks package: its cluster, without nodes."""
