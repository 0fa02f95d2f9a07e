"""The model endpoints: whom to ask, again, or in whose place."""
