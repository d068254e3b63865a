"""What carries messages and events: queues, topics and event buses."""
