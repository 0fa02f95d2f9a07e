"""Sizing models before there is a card."""
