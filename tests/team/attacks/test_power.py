"""What the attacks do where nothing holds them: the tools called directly, by staff, every question answered yes."""

import json
from typing import Any

from mcp import Client

from storage.db import Sessions
from storage.settings import Settings
from storage.shop.orders import Order, OrderStatus
from team.standin.obedience.obedient import obey
from team.standin.wire import ChatRequest
from tests.clients import Customer, caller, client_of, server_for, text_of
from tests.team.attacks.harm import changes, every_row
from tests.team.attacks.planting import SECRET, all_attacks, plant_all

Json = dict[str, Any]


async def unguarded(client: Client, text: str) -> list[str]:
    """Let the obedient mind call the tools itself until it has done all the text says; return the results."""
    tools = [_offered(tool.name, tool.input_schema) for tool in (await client.list_tools()).tools]
    messages: list[Json] = [{"role": "user", "content": text}]
    results: list[str] = []
    request = {"model": "m", "messages": messages, "tools": tools}
    while (reply := obey(ChatRequest.model_validate(request))) and reply.call:
        function = {"name": reply.call.name, "arguments": reply.call.arguments_json}
        made = {"id": f"call_{len(results)}", "type": "function", "function": function}
        results.append(text_of(await client.call_tool(reply.call.name, reply.call.arguments)))
        messages.append({"role": "assistant", "tool_calls": [made]})
        messages.append({"role": "tool", "tool_call_id": made["id"], "content": results[-1]})
    return results


def _offered(name: str, schema: Json) -> Json:
    return {"type": "function", "function": {"name": name, "description": "", "parameters": schema}}


async def test_without_identity_and_confirmation_a_planted_text_cancels_and_reads_what_it_names(
    settings: Settings, sessions: Sessions
) -> None:
    attacks = [attack for attack in all_attacks() if attack.plant in {"ticket", "resolution", "first_name"}]
    await plant_all(attacks, settings, sessions)
    before = await every_row(sessions)

    async with client_of(server_for(settings, sessions, caller(None)), Customer(says_yes=True)) as client:
        results = [result for one in attacks for result in await unguarded(client, one.fill(one.text))]

    changed = {(one.table, one.key) for one in changes(before, await every_row(sessions))}
    async with sessions() as session:
        order = await session.get_one(Order, attacks[0].words["pending"])
    assert order.status is OrderStatus.CANCELLED
    assert ("orders", attacks[1].words["pending"]) in changed
    assert ("customers", attacks[0].words["their_id"]) in changed
    assert SECRET in json.dumps(results)
