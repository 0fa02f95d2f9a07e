"""What every service works with: the shop's rows, models and tools, and for whom it works."""

from collections.abc import Callable
from dataclasses import dataclass

from storage.db import Sessions
from storage.errors import ShopError
from storage.tokens import Caller
from team.models.models import Models
from team.tools.servers import ToolServers

Tell = Callable[[str, int, int], None]
"""Tells how far a service is: what it does, and how many parts of how many are done."""


class BadParametersError(ShopError):
    """The parameters of a service have another shape than it takes."""


@dataclass(frozen=True)
class Place:
    """Where a service works, and for whom: tools are called as `caller`, and answers are in `language`."""

    sessions: Sessions
    models: Models
    servers: ToolServers
    caller: Caller
    language: str
    tell: Tell
