"""AWS Batch on Fargate: queues, and jobs that wait in them."""
