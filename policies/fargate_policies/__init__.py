"""Rules for containers on AWS Fargate, and what they need to read a resource safely.

`core` reads values and speaks to the engine, `models` reads the documents that several rules
share, every other folder is an area that holds one file per rule, named as the rule.
"""
