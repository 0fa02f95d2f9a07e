"""What models.toml may say of a model besides where it answers: what it takes, what it is good at, how it is served."""
