"""Confirmation: the ways in which a person says yes, and the write that is done once it is said."""
