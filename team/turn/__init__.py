"""A turn: what was asked, what happened so far, what came of it, and the steps that are stored."""
