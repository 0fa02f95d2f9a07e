"""A tool server that `shopdesk new-server` just made is in the REST API by itself."""

from pathlib import Path

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.desk.desk import open_desk
from tests.checkout import check_out
from tests.factories import add_order
from tests.scripts.command import shopdesk
from tests.tools_process import tools_process
from tests.ui.doors.programs import add_key, program
from tests.ui.visitor import visitor
from ui.app import build_app

# A fresh checkout is compiled first, and a busy machine takes its time.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TOOLS = {"get_warranty", "request_warranty"}


async def test_a_new_server_appears_in_the_tools_and_in_the_document_and_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, sessions: Sessions
) -> None:
    place = check_out(tmp_path / "checkout")
    monkeypatch.chdir(place)
    monkeypatch.setenv("PYTHONPATH", str(place))
    order = await add_order(sessions, id="#W1042")

    made = await shopdesk("new-server", "warranty")
    async with tools_process(settings) as (running, _), open_desk(running, sessions) as desk:
        app = build_app(running, sessions, desk)
        async with program(app, await add_key(sessions, order.customer_id)) as client, visitor(app) as nobody:
            listed = (await client.get("/tools")).json()["tools"]
            document = (await nobody.get("/openapi.json")).json()
            called = await client.post("/tools/warranty/get_warranty", json={"order_id": "#W1042"})

    assert made.code == 0, made.complained
    assert {tool["name"] for tool in listed if tool["server"] == "warranty"} == TOOLS
    paths = {path for path in document["paths"] if path.startswith("/tools/warranty/")}
    assert paths == {f"/tools/warranty/{name}" for name in TOOLS}
    assert "202" in document["paths"]["/tools/warranty/request_warranty"]["post"]["responses"]
    assert (called.status_code, called.json()["order_id"]) == (200, "#W1042"), called.text
