"""A handbook that grows, beside plain Chroma and plain BM25."""
