"""The page that compares the policy pack with cloudsplaining, and what writes it."""
