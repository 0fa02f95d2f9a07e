"""The shop as CSV files, one per table: their columns, and reading and writing them in bounded memory."""
