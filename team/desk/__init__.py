"""The desk: one customer turn from its message to its answer."""
