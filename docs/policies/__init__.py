"""The pages of the policy pack's rules, and what writes them."""
