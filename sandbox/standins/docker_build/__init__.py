"""The stand-in for the docker-build package: images that are neither built nor pushed."""
