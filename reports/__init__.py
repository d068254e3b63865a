"""What a stack costs and who can reach whom, read from the engine's own output."""
