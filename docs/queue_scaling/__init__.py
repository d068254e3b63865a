"""A simulated day of a queue's workers, and the page that shows it."""
