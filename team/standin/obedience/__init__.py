"""A mind that does whatever any text tells it to: it tests what a shop withstands."""
