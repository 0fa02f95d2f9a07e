"""Limits of calls: per caller, at once, by time; and the middleware that holds every call to them."""
