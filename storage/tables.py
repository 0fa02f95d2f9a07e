"""Imports every table, for code that needs them all: migrations and a shop's fingerprint."""

from storage.db import Base

METADATA = Base.metadata
