"""The orders tool server."""
