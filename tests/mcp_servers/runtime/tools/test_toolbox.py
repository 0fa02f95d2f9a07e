"""A tool is made once in a process, however many of its servers offer it."""

from mcp_servers.registry import load_servers, server_names
from mcp_servers.runtime.limits.limits import Limits
from mcp_servers.runtime.serving.build import TOGETHER, make_server
from mcp_servers.runtime.tools.making import Toolbox
from storage.db import Sessions
from storage.settings import Settings


async def test_servers_of_one_process_share_each_tool(settings: Settings, sessions: Sessions) -> None:
    servers = load_servers(server_names(), settings, sessions)
    toolbox = Toolbox(settings, sessions, Limits(settings), over_http=True)

    alone = [make_server(one.name, [one], settings, sessions, toolbox=toolbox) for one in servers]
    together = make_server(TOGETHER, servers, settings, sessions, toolbox=toolbox)

    assert {name: id(tool) for one in alone for name, tool in one.tools.items()} == {
        name: id(tool) for name, tool in together.tools.items()
    }
