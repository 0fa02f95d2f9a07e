"""Taking documents in: which changed, their rows, their index."""
