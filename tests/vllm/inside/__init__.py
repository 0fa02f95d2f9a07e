"""What runs in vLLM's own environment, and is imported by nothing here."""
