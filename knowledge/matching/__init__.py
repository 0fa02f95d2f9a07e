"""Matching a question to passages: words, spelling, meanings, fusion, and whether it is answered."""
