"""The HTTP API under the page, over the real app."""
