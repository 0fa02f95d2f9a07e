"""The indexes of the passages: vectors in Chroma, words in BM25, and what embeds a text."""
