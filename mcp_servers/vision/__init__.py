"""The vision tool server."""
