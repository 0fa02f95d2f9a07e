"""Tests of the catalogues and the languages."""
