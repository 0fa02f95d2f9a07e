"""What is said at the start of how changes are confirmed here: an owner should not learn it from a customer."""

import logging

from mcp_servers.runtime.tools.confirming.ways import Ways
from storage.settings import Settings

logger = logging.getLogger(__name__)

RENAMED = "CONFIRM_TOKENS is now CONFIRM_BY; it is read as CONFIRM_BY=%s. Set that instead."
OVER_HTTP = "CONFIRM_BY=token is for a tool server alone over stdio. Over HTTP, changes are confirmed at a link."
LINKED = "A client that cannot show a question gets a link to %s, where its person says yes or no."
CHOSEN = "CONFIRM_BY=token: in a client that cannot show a question, your approval of its call is the yes."
ALONE = (
    "The page at %s does not answer: in a client that cannot show a question, your approval of its call is the yes. "
    "With the page it is a click there."
)


def say_what_is_set(settings: Settings, *, over_http: bool) -> None:
    """Log what of the settings is no longer read as it is written."""
    if settings.confirm_tokens is not None and not settings.confirm_by:
        logger.warning(RENAMED, settings.yes_by)
    if over_http and settings.yes_by == "token":
        logger.warning(OVER_HTTP)


async def say_how(ways: Ways, settings: Settings) -> None:
    """Log how changes are confirmed over stdio, now that the client is there."""
    say_what_is_set(settings, over_http=False)
    if not await ways.takes_tokens():
        logger.info(LINKED, settings.public_ui_url)
    elif settings.yes_by == "token":
        logger.warning(CHOSEN)
    else:
        logger.warning(ALONE, settings.public_ui_url)
