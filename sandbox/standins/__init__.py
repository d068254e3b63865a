"""Stand-in cloud providers: Pulumi's provider protocol, served without a cloud.

``python -m sandbox.standins --record FILE`` serves the packages aws, awsx, docker-build, eks
and kubernetes. The stand-ins know resource types only, nothing of the programs that use them.
"""
