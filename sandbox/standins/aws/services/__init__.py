"""What the stand-in knows of each AWS service's resource types, one file for each service."""
