"""The desk: one customer turn, from message to answer."""
