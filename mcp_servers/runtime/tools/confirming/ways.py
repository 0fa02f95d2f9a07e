"""The way in which a person says yes: in their client, on the page behind a link, or by their client's approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from mcp.server.mcpserver import Context

from mcp_servers.runtime.caller import Local
from mcp_servers.runtime.tools.confirming.page import Page
from mcp_servers.runtime.tools.confirming.question import can_be_asked
from storage.characters import shown_name
from storage.settings import Settings

LINK = "shopdesk/link"
"""In the `_meta` of a call: what the program that asks is called. Its person is asked by a link, come what may."""

ASKED = "shopdesk/asked"
"""In the `_meta` of a call: the question whose answer it carries out. It counts for that question's own call alone."""


class Way(Enum):
    """How the yes to a change is said."""

    QUESTION = auto()
    """The client shows the question, and sends back what its user said."""

    LINK = auto()
    """The page shows it to its person, logged in; no client and no model can answer."""

    TOKEN = auto()
    """The client calls again with a token. Its user's approval of that call is the yes."""


@dataclass(frozen=True)
class Ways:
    """Which way a server takes for which client.

    Over HTTP a client that cannot be asked gets a link. Over stdio it gets one while this shop's page answers. A token
    is for a stdio server alone on its owner's machine; `CONFIRM_BY` decides for one of the two.
    """

    settings: Settings
    page: Page
    over_http: bool

    @property
    def may_take_tokens(self) -> bool:
        """Whether a token can ever be the yes here."""
        return not self.over_http and self.settings.yes_by != "link"

    async def takes_tokens(self) -> bool:
        """Return whether a token is the yes now, in place of a link."""
        return self.may_take_tokens and (self.settings.yes_by == "token" or not await self.page.answers())

    async def of(self, ctx: Context[Local]) -> Way:
        """Return how this call's person says yes."""
        if LINK in meta_of(ctx) or ASKED in meta_of(ctx):
            return Way.LINK
        if can_be_asked(ctx):
            return Way.QUESTION
        return Way.TOKEN if await self.takes_tokens() else Way.LINK


def meta_of(ctx: Context[Local]) -> Mapping[str, Any]:
    """Return a call's `_meta`."""
    return ctx.request_context.meta or {}


def asked_by(ctx: Context[Local]) -> str | None:
    """Return the question whose answer this call carries out, if the page makes it."""
    named = meta_of(ctx).get(ASKED)
    return named if isinstance(named, str) else None


def program_of(ctx: Context[Local]) -> str:
    """Return what the program that calls is called, by its own word, on one line; nothing where it does not say."""
    told = meta_of(ctx).get(LINK)
    if isinstance(told, str):
        return shown_name(told)
    params = ctx.session.client_params
    return "" if params is None else shown_name(params.client_info.title or params.client_info.name)
