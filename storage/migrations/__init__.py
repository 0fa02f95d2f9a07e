"""Alembic migrations of the shop's database."""
