"""The tickets tool server."""
