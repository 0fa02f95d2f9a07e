"""The desk of staff in a real browser."""
