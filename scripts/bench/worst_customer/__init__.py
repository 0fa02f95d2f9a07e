"""The worst messages of one customer, and what other customers wait meanwhile."""
