"""Rules about the configuration of the pack itself."""
