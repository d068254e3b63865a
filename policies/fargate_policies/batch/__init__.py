"""Rules about AWS Batch."""
