"""Every table, imported once, for what needs them all: migrations and the fingerprint of a shop."""

from storage.db import Base

METADATA = Base.metadata
