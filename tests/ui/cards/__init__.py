"""Cards from results, and the pictures on them."""
