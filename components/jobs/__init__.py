"""Containers that start on demand and stop when done."""
