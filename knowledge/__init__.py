"""The handbook: documents, passages, their indexes, and search over them."""
