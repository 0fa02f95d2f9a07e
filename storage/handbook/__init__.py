"""The handbook's passages."""
