"""Cards as files: what is put into them, and what is refused."""
