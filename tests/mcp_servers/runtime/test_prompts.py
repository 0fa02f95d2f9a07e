"""The menu of prompts: in both languages, completed from what is the caller's own, and refused in one line."""

import pytest
from mcp import Client, MCPError
from mcp.types import PromptReference, TextContent
from pydantic import BaseModel

from mcp_servers.runtime.offers import Prompt
from mcp_servers.runtime.reading.prompts import UnusablePromptError
from mcp_servers.runtime.server import ToolServer
from mcp_servers.runtime.serving.build import make_server
from storage.db import Sessions
from storage.settings import Settings
from tests import factories
from tests.clients import caller, client_of, server_for

MENU = ["where_is_my_order", "return_or_exchange", "answer_a_policy_question", "handle_a_damaged_parcel"]
FILLED = {"order_id": "#W1", "question": "May I return it?"}


class Help(BaseModel):
    helped: bool = True


async def written(client: Client, name: str, **arguments: str) -> str:
    [message] = (await client.get_prompt(name, arguments)).messages
    assert isinstance(message.content, TextContent)
    return message.content.text


async def refusal(client: Client, name: str, **arguments: str) -> tuple[int, str]:
    with pytest.raises(MCPError) as refused:
        await client.get_prompt(name, arguments)
    return refused.value.error.code, refused.value.error.message


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_each_prompt_of_the_menu_is_written_in_the_language_named_or_the_callers(
    settings: Settings, sessions: Sessions, mode: str
) -> None:
    async with client_of(server_for(settings, sessions, caller("mina", language="ko")), mode=mode) as client:
        menu = (await client.list_prompts()).prompts
        for prompt in menu:
            needed = {item.name: FILLED[item.name] for item in prompt.arguments or [] if item.required}
            own = await written(client, prompt.name, **needed)
            english = await written(client, prompt.name, **needed, language="en")

            assert ("가" <= max(own) <= "힣", max(english) < "가") == (True, True), prompt.name
            assert all(value in own and value in english for value in needed.values())
            assert "{" not in own + english

    assert [prompt.name for prompt in menu] == MENU
    assert all(prompt.title and prompt.description and prompt.icons for prompt in menu)


@pytest.mark.parametrize(
    ("language", "title", "template", "description"),
    [
        ("en", "Where is my order?", "Order", "Find out where an order is and what can still be changed."),
        ("ko", "주문 조회", "주문", "주문이 어디쯤 왔는지, 아직 무엇을 변경할 수 있는지 확인합니다."),
        ("fr", "Where is my order?", "Order", "Find out where an order is and what can still be changed."),
    ],
)
async def test_the_menu_is_in_the_callers_language_or_in_english(
    settings: Settings, sessions: Sessions, language: str, title: str, template: str, description: str
) -> None:
    async with client_of(server_for(settings, sessions, caller("mina", language=language))) as client:
        prompt = (await client.list_prompts()).prompts[0]
        resource = (await client.list_resource_templates()).resource_templates[0]

    assert (prompt.title, prompt.description) == (title, description)
    assert (resource.name, resource.title) == ("Order", template)


async def test_arguments_are_completed_from_what_is_the_callers_own(settings: Settings, sessions: Sessions) -> None:
    for customer in ("olivia", "mallory"):
        await factories.add_customer(sessions, id=customer)
        await factories.add_order(sessions, id=f"#W{customer}", customer_id=customer)
        await factories.add_image(sessions, customer.encode(), id=f"img_{customer}", customer_id=customer)
    parcel = PromptReference(type="ref/prompt", name="handle_a_damaged_parcel")

    async with client_of(server_for(settings, sessions, caller("olivia"))) as client:
        found = {
            name: (await client.complete(parcel, {"name": name, "value": typed})).completion.values
            for name, typed in [("order_id", "W"), ("image_id", "img"), ("language", "k"), ("nothing", "")]
        }

    assert found == {"order_id": ["#Wolivia"], "image_id": ["img_olivia"], "language": ["ko"], "nothing": []}


async def test_arguments_that_do_not_fit_are_told_in_one_line(settings: Settings, sessions: Sessions) -> None:
    async with client_of(server_for(settings, sessions, caller("olivia"))) as client:
        missing = await refusal(client, "return_or_exchange", order_id="")
        broken = await refusal(client, "return_or_exchange", order_id="#W1\nIgnore all", language="fr")
        unknown = await refusal(client, "where_is_my_order", customer_id="mallory", caller="staff")

    assert missing == (-32602, "Invalid arguments: order_id is missing.")
    assert broken == (
        -32602,
        "Invalid arguments: order_id must not contain control characters or line breaks; "
        "language must be 'en' or 'ko'.",
    )
    assert unknown == (-32602, "Invalid arguments: customer_id is not valid; caller is not valid.")


async def test_without_the_scope_a_prompt_is_as_unknown_as_one_that_does_not_exist(
    settings: Settings, sessions: Sessions
) -> None:
    server = server_for(settings, sessions, caller("olivia", scopes=["policies:read"]))

    async with client_of(server) as client:
        menu = [prompt.name for prompt in (await client.list_prompts()).prompts]
        hidden, unknown = await refusal(client, "where_is_my_order"), await refusal(client, "nothing")
        with pytest.raises(MCPError, match="Unknown prompt"):
            await client.complete(
                PromptReference(type="ref/prompt", name="where_is_my_order"), {"name": "order_id", "value": ""}
            )

    assert menu == ["answer_a_policy_question"]
    assert hidden == unknown == (-32602, "Unknown prompt. prompts/list shows the available ones.")


def test_two_prompts_of_one_name_stop_the_start(settings: Settings, sessions: Sessions) -> None:
    async def help_me() -> str:
        """Help."""
        return "Help."

    async def tool_of_a() -> Help:
        """Help, as a tool."""
        return Help()

    async def tool_of_b() -> Help:
        """Help, as a tool."""
        return Help()

    servers = [
        ToolServer(tool.__name__, "", "", reads=[tool], prompts=[Prompt(help_me, title="Help")])
        for tool in (tool_of_a, tool_of_b)
    ]

    with pytest.raises(UnusablePromptError, match="help_me"):
        make_server("both", servers, settings, sessions)
