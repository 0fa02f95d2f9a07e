"""Routing by need: what a question asks for, and which endpoint of models.toml answers it best."""
