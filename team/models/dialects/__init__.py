"""The many ways in which a model writes a tool call, each read as the call it means."""
