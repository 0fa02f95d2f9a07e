"""How a PDF looks in print: which of its text is seen, and in which order it is read."""
