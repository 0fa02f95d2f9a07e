"""A process that searches without pause, and prints each change of what it sees: `python -m tests.knowledge.watcher`.

Each policy of the test says in every section which version of the handbook it is of. What it prints are the versions in
one answer, and those in one whole policy.
"""

import asyncio
import re
import sys
from datetime import UTC, datetime

from knowledge.indexes.embed import OfflineEmbedder
from knowledge.search import Handbook
from storage.db import open_sessions, reading
from storage.handbook.passages import get_document
from storage.settings import load_settings

LAST = "version-two"


async def main() -> None:
    settings, today = load_settings(), datetime.now(UTC).date()
    handbook, seen = Handbook(settings.shopdesk_home, OfflineEmbedder()), ""
    async with open_sessions(settings.database) as sessions:
        while LAST not in seen:
            async with reading(sessions) as session:
                answer = await handbook.search(session, "return postage", language="en", limit=10, today=today)
                policy = await get_document(session, "policy-7", "en", today=today)
            found = {word for one in answer.found for word in versions(one.passage.text)}
            whole = {word for passage in policy.passages for word in versions(passage.text)}
            now = f"{sorted(found)} {sorted(whole)} {len(policy.passages)}"
            if now != seen:
                sys.stdout.write(f"{now}\n")
                sys.stdout.flush()
            seen = now


def versions(text: str) -> list[str]:
    return re.findall(r"version-\w+", text)


if __name__ == "__main__":
    asyncio.run(main())
