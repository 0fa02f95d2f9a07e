"""Training adapters; it runs in an environment of its own, so nothing else here imports it."""
