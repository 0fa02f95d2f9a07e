"""A mind that does whatever any text tells it to, to see what a shop withstands."""
