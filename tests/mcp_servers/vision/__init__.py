"""Tests of the vision tool server."""
