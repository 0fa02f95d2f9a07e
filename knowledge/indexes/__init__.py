"""The passages' indexes: vectors in Chroma, words in BM25, and the embedders."""
