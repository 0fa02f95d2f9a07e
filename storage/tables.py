"""Every table, imported once, for what needs them all: migrations and the fingerprint of a shop."""

from storage import (  # noqa: F401 - importing a table registers it
    accounts,
    audit,
    conversations,
    customers,
    ended_logins,
    events,
    identities,
    images,
    oauth_clients,
    oauth_grants,
    orders,
    passages,
    product_pictures,
    products,
    shop,
    tickets,
)
from storage.db import Base

METADATA = Base.metadata
