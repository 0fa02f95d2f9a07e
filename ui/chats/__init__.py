"""A person's conversations as they keep them: found, renamed, deleted, and what they thought of an answer."""
