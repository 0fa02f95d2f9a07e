"""Changing models.toml: endpoints come and go, and roles choose among them."""
