"""Which database an import of products or orders goes into, or a dry run of one only looks at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryDirectory

from storage.settings import load_settings


@asynccontextmanager
async def shop_for(*, dry_run: bool) -> AsyncIterator[str]:
    """Open the shop's database, with the tables that it needs, and give its address.

    A dry run looks at the shop as it is, and where there is none yet at an empty one that is gone afterwards.

    Raises:
        CannotStartError: the database cannot be used.
    """
    # The tables take half a second to import, which `shopdesk --help` need not wait for.
    from storage.db import DatabaseMissingError
    from storage.migrate import migrate, require_shop

    url = load_settings().database
    try:
        await (require_shop(url) if dry_run else migrate(url))
    except DatabaseMissingError:
        url = ""
    with TemporaryDirectory() as folder:
        if not url:
            url = f"sqlite+aiosqlite:///{folder}/shop.db"
            await migrate(url)
        yield url
