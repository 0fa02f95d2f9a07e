"""The commands of docs/api.md about keys and logins, run as a reader would paste them."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE

import httpx2
import pytest

from storage.db import Sessions
from storage.settings import REPOSITORY, Settings
from team.desk.desk import open_desk
from tests.factories import add_customer
from tests.team.serving import address, listening, serving
from ui.app import build_app

# Each starts commands, a second each.
pytestmark = pytest.mark.slow

PAGE = (REPOSITORY / "docs" / "api.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## Logging in and keys")[2].partition("\n## ")[0]
BY_KEY, BY_LOGIN = re.findall(r"```sh\n(.*?)```", SECTION, re.DOTALL)


async def pasted(settings: Settings, sessions: Sessions, command: str) -> str:
    """Run a command of the page in a shell against a shop where everybody may register; return what it printed."""
    listener = listening()
    url = address(listener)
    command = command.replace("http://127.0.0.1:3000", url).replace("python3", sys.executable)
    command = command.replace(".venv/bin/shopdesk", f"{sys.executable} -m scripts")
    shop = settings.model_copy(update={"registration": "open", "public_ui_url": url})
    async with open_desk(shop, sessions) as desk, serving((build_app(shop, sessions, desk), listener)):
        process = await asyncio.create_subprocess_exec(
            "bash", "-euo", "pipefail", "-c", command.replace("curl ", "curl -sS "), stdout=PIPE, stderr=PIPE
        )
        printed, complained = await process.communicate()
    assert (process.returncode, complained.decode()) == (0, "")
    return printed.decode()


async def test_a_key_from_the_command_line_says_who_it_is(settings: Settings, sessions: Sessions) -> None:
    customer = await add_customer(sessions, id="mina_kim_1002", first_name="Mina", last_name="Kim")

    printed = await pasted(settings, sessions, BY_KEY)

    told = httpx2.Response(200, text=printed).json()
    assert told == {"email": customer.email, "name": "Mina Kim", "language": "en", "staff": False}


async def test_who_registers_logs_in_and_lists_their_conversations(settings: Settings, sessions: Sessions) -> None:
    printed = await pasted(settings, sessions, BY_LOGIN)

    assert printed.endswith('{"conversations":[]}')
    assert '"email":"test@example.com"' in printed
