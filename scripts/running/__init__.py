"""The processes of a running shop."""
