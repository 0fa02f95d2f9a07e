"""What customers ask and the handbook does not say: gathered by subject, and drafted as sections to write."""
