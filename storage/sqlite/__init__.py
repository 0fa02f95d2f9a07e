"""SQLite without waiting for threads."""
