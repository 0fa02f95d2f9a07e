"""What outlives a process: rows, settings, tokens, model endpoints."""
