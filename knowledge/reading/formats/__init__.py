"""How documents are read: a file a format, each from bytes to a draft."""
