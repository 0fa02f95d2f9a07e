"""What is looked for in a message before anybody answers it, and in an answer before anybody reads it."""
