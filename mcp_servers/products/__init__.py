"""The products tool server."""
