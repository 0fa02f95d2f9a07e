"""The page and the HTTP APIs."""
