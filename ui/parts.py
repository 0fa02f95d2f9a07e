"""What the page's handlers share: the open database, the desk, and the login limits."""

import asyncio
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from starlette.requests import Request

from storage.db import Sessions
from storage.process.strangers import Network
from storage.process.tries import Backoff, SlidingWindow
from storage.settings import Settings
from ui.limits import Limits

if TYPE_CHECKING:
    # The team takes two seconds to import, and code that only signs logins does not need it.
    from team.desk.desk import Desk
    from team.routing.routing import Routing
    from team.tools.servers import ToolServers

# Checking a password takes 64 MB on purpose: too many at once could exhaust the machine.
PASSWORDS_AT_ONCE = 2
FREE_TRIES = 5
FIRST_WAIT_S = 5
LONGEST_WAIT_S = 600


def _passwords() -> Backoff:
    return Backoff(free=FREE_TRIES, first_wait_s=FIRST_WAIT_S, longest_wait_s=LONGEST_WAIT_S)


@dataclass
class Parts:
    """The parts of one running page."""

    settings: Settings
    sessions: Sessions
    desk: "Desk"
    limits: Limits = field(init=False)
    tries_by_email: Backoff = field(default_factory=_passwords)
    tries_by_device: Backoff = field(default_factory=_passwords)
    tries_by_address: SlidingWindow = field(default_factory=lambda: SlidingWindow(limit=60, window_s=600))
    visits_by_address: SlidingWindow = field(default_factory=lambda: SlidingWindow(limit=60, window_s=600))
    registrations_by_address: SlidingWindow = field(default_factory=lambda: SlidingWindow(limit=30, window_s=600))
    accounts_by_address: SlidingWindow = field(default_factory=lambda: SlidingWindow(limit=30, window_s=600))
    network: Network = field(default_factory=Network)
    checking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PASSWORDS_AT_ONCE))

    def __post_init__(self) -> None:
        self.limits = Limits(self.settings)

    @cached_property
    def routing(self) -> "Routing":
        """The routing of questions to endpoints by need."""
        # The team takes two seconds to import, and code that only signs logins does not need it.
        from team.routing.routing import Routing

        return Routing(self.desk.answering.models, self.sessions)

    @property
    def tool_servers(self) -> "ToolServers":
        """The tool servers, which the desk and the REST routes call."""
        return self.desk.answering.servers


def parts_of(request: Request) -> Parts:
    """Return the parts of the request's app."""
    parts: Parts = request.app.state.parts
    return parts
