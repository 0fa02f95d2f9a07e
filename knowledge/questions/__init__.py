"""Questions that customers ask about a shop's policies, written by a model, checked by code, reviewed by a person."""
