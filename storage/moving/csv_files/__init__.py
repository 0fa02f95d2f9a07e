"""The shop as CSV files, one a table: their columns, and the way in and out in bounded memory."""
