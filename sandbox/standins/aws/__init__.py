"""The stand-in for the aws package: ids, computed outputs, replacements, checks and lookups."""
