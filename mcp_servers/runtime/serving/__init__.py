"""Serving tools over stdio and HTTP."""
