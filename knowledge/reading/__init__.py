"""Reading a file into a document: formats, encodings, pieces."""
