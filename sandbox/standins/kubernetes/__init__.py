"""The stand-in for the kubernetes package: any object, checked against Kubernetes' schemas."""
