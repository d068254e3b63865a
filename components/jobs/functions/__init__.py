"""What runs in AWS Lambda to start jobs' tasks: plain boto3, which Lambda's runtime brings along.

The platform packs these files and never imports them; they import each other and nothing else of
the platform.
"""
