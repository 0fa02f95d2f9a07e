"""Tests of the page's words."""
