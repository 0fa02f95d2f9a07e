"""A turn run again, with another model or prompt, on the shop as it was: looked up anew, and nothing is written."""
