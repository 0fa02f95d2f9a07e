"""Open WebUI and LibreChat: what they send, request for request, with the answers of this shop in their history."""

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from storage.db import Sessions
from storage.moving.demo_data.pictures import draw
from storage.settings import Settings
from storage.shop.orders import OrderStatus
from tests.mcp_servers.vision.test_identify_product import add_pictured
from tests.ui.openai_api.door import ask, data_url, open_door, user

HERE = Path(__file__).parent


class Program:
    """Sends what was recorded of a program, and puts what it was answered where the recording has an answer."""

    def __init__(self, recording: str, http: httpx2.AsyncClient) -> None:
        self.recorded: dict[str, Any] = json.loads((HERE / recording).read_text(encoding="utf-8"))
        self.http = http
        self.answers: list[str] = []

    async def send(self, number: int, **headers: str) -> str:
        """Send one of the requests and return the answer's text."""
        body = self._filled(self.recorded["requests"][number])
        async with self.http.stream(
            "POST", "/v1/chat/completions", json=body, headers=self.recorded["headers"] | headers
        ) as answer:
            assert answer.status_code == 200, (await answer.aread()).decode()
            text = await _streamed(answer) if body["stream"] else _whole(json.loads(await answer.aread()))
        if body["stream"]:
            self.answers.append(text)
        return text

    def _filled(self, request: dict[str, Any]) -> dict[str, Any]:
        filled: dict[str, Any] = json.loads(json.dumps(request).replace('"PHOTO"', json.dumps(data_url(draw("2001")))))
        answers = iter(self.answers)
        for message in filled["messages"]:
            if message["role"] == "assistant":
                message["content"] = json.loads(
                    json.dumps(message["content"]).replace('"ANSWER"', json.dumps(next(answers)))
                )
        if "tools" in filled:
            parameters = {"type": "object", "properties": {}}
            filled["tools"] = [
                {"type": "function", "function": {"name": name, "parameters": parameters}}
                for name in self.recorded["tools"]
            ]
        return filled


async def _streamed(answer: httpx2.Response) -> str:
    """Read a stream as Open WebUI does: line by line, each with `data: `, until it is done."""
    told, text = [line async for line in answer.aiter_lines() if line.startswith("data: ")], ""
    assert told[-1] == "data: [DONE]"
    for line in told[:-1]:
        chunk = json.loads(line.removeprefix("data: "))
        text += "".join(choice["delta"].get("content", "") for choice in chunk["choices"])
    return text


def _whole(answer: dict[str, Any]) -> str:
    return str(answer["choices"][0]["message"]["content"])


async def test_open_webui_cancels_an_order_and_gets_its_titles_tags_and_suggestions(
    settings: Settings, sessions: Sessions
) -> None:
    async with open_door(settings, sessions) as door:
        program = Program("open_webui.json", await door.http())
        title = json.loads(await program.send(0))
        where = await program.send(1)
        follow_ups, tags = json.loads(await program.send(2)), json.loads(await program.send(3))
        question = await program.send(4)
        await program.send(5)
        done = await program.send(6)

        assert title == {"title": "Where is my order W1042"}
        assert "is being prepared (pending)" in where
        assert follow_ups["follow_ups"][0] == "Where is my order?"
        assert tags == {"tags": ["Customer service"]}
        assert question.endswith("Please answer yes or no.")
        assert done.startswith("Order #W1042 is cancelled.")
        assert (await door.status(), len(await door.conversations())) == (OrderStatus.CANCELLED, 1)


async def test_open_webui_shows_a_photo_and_looks_at_it_once_more(settings: Settings, sessions: Sessions) -> None:
    await add_pictured(sessions, "2001", draw("2001"))
    async with open_door(settings, sessions) as door:
        program = Program("open_webui.json", await door.http(**{"x-openwebui-chat-id": "another"}))
        answers = [await program.send(8), await program.send(9)]
        [chat] = await door.conversations()
        steps = await door.floor.desk.steps.stored(chat, 0)

    assert answers == ["The photo looks most like:\n- Desk Lamp"] * 2
    said = [step.data["text"] for step in steps if step.data.get("role") == "customer"]
    assert said == ["Which product is this?"] * 2


async def test_librechat_cancels_an_order_and_gets_a_title(settings: Settings, sessions: Sessions) -> None:
    async with open_door(settings, sessions) as door:
        program = Program("librechat.json", await door.http())
        where, title = await program.send(0), await program.send(1)
        question, done = await program.send(2), await program.send(3)

        assert "is being prepared (pending)" in where
        assert title == "Where is my order W1042"
        assert question.endswith("Please answer yes or no.")
        assert done.startswith("Order #W1042 is cancelled.")
        assert (await door.status(), len(await door.conversations())) == (OrderStatus.CANCELLED, 1)


HISTORY = "### Chat History:\n<chat_history>\nUSER: 제 주문 어디쯤 왔나요?\nASSISTANT: 준비 중입니다.\n</chat_history>"


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        (
            f'### Task:\nGenerate a title.\n### Output:\nJSON: {{ "title": "…" }}\n{HISTORY}',
            {"title": "제 주문 어디쯤 왔나요"},
        ),
        (f'### Task:\nGenerate tags.\n### Output:\nJSON: {{ "tags": ["…"] }}\n{HISTORY}', {"tags": ["고객 서비스"]}),
        (
            f'### Task:\nSuggest.\n### Output:\nJSON: {{ "follow_ups": ["…"] }}\n{HISTORY}',
            {"follow_ups": ["제 주문 어디쯤 왔나요?", "반품은 며칠 안에 해야 하나요?", "책상 스탠드 있나요?"]},
        ),
        (f'### Task:\nAnalyze.\n### Output:\nJSON: {{ "queries": ["…"] }}\n{HISTORY}', {"queries": []}),
        (f'### Task:\nDescribe.\n### Output:\nJSON: {{ "prompt": "…" }}\n{HISTORY}', {"prompt": ""}),
        (
            '### Task:\nYou are an autocompletion system.\n### Output:\n{ "text": "…" }\n<text>주문</text>',
            {"text": ""},
        ),
        (
            "Analyze this conversation and provide:\n1. The detected language of the conversation\n2. A concise title "
            "in the detected language (5 words or less, no punctuation or quotation)\n\nUser: 주문 취소\nAI: 네",
            {"language": "Korean", "title": "주문 취소"},
        ),
    ],
)  # fmt: skip
async def test_what_a_program_asks_aside_is_answered_in_its_shape_and_the_chats_language(
    settings: Settings, sessions: Sessions, prompt: str, answer: dict[str, Any]
) -> None:
    async with open_door(settings, sessions) as door:
        told = await ask(await door.client(), [user(prompt)])

        assert json.loads(told) == answer
        assert await door.conversations() == []


async def test_a_customer_who_writes_of_a_task_is_answered_by_the_team(settings: Settings, sessions: Sessions) -> None:
    async with open_door(settings, sessions) as door:
        await ask(await door.client(), [user("### Task:\nWhere is my order #W1042?")])

        assert len(await door.conversations()) == 1
