"""The model endpoints: which one to ask, when to retry, and which one replaces it."""
