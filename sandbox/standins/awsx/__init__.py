"""The stand-in for the awsx package: its VPC."""
