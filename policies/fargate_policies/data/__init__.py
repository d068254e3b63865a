"""Rules for where data rests: queues, keys, repositories and their policies."""
