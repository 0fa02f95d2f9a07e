"""Attacks on a shop whose model obeys whoever wrote last."""
