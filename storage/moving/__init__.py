"""Importing and exporting a whole shop: the demo, CSV files, tau-bench databases."""
