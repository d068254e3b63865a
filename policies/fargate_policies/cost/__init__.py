"""Rules about what a stack costs."""
