"""Matching a question with passages: words, spelling, meanings, fusion, and whether it is answered."""
