"""Container images: where they come from, and building them."""
