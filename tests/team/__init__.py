"""Tests of the team that answers customers."""
