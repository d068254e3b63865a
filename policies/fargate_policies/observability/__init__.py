"""Rules for what is recorded, and for how long."""
