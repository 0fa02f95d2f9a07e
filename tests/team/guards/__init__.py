"""How a message is written, and the model that looks at it."""
