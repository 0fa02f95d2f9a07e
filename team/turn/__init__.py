"""A turn: the request, the log of what happened so far, the outcome, and the steps that are stored."""
