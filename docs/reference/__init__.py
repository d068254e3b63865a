"""The reference of settings, and what writes it."""
