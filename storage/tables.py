"""Imports every table, for code that needs them all: migrations and a shop's fingerprint."""

from storage.chats import api_turns, conversations, events, thumbs  # noqa: F401 - importing a table registers it
from storage.cooperation import steps, tasks, writes  # noqa: F401 - the same
from storage.db import Base
from storage.handbook import in_vain, passages  # noqa: F401 - the same
from storage.models import decisions  # noqa: F401 - the same
from storage.people import (  # noqa: F401 - the same
    accounts,
    api_keys,
    asked_changes,
    ended_logins,
    identities,
    kept_answers,
    login_families,
    oauth_clients,
    oauth_grants,
)
from storage.pictures import images, product_pictures  # noqa: F401 - the same
from storage.reviews import summaries  # noqa: F401 - the same
from storage.shop import audit, customers, orders, products, shop, ticket_notes, tickets  # noqa: F401 - the same
from storage.turns import records, traces  # noqa: F401 - the same

METADATA = Base.metadata
