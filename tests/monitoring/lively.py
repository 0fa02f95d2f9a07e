"""A shop in which everything happened at least once that is counted, and what Prometheus reads of it then."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mcp_servers.runtime.serving.body import LARGEST_BODY
from storage.db import Sessions, writing
from storage.people.api_keys import make_key
from storage.settings import Settings
from tests.clients import caller
from tests.factories import PASSWORD, add_account, add_conversation, add_order
from tests.team.faulty import Fault, Pair, first, status
from tests.team.serving import address, listening, serving
from tests.team.shopfloor import Shopfloor, only, open_shopfloor
from tests.team.visitor import RIGHT, WRONG, add_known_customer, visit
from tests.tools_process import token_of
from ui.app import build_app

PAGE, TOOLS = "shopdesk-page", "shopdesk-tools"

MESSAGES = 3
"""Before one is refused."""

VLLM = """# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{{engine="0",model_name="m"}} 1.0
# HELP vllm:num_requests_waiting Number of requests waiting to be processed.
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{{engine="0",model_name="m"}} 0.0
# HELP vllm:kv_cache_usage_perc KV-cache usage. 1 means 100 percent usage.
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc{{engine="0",model_name="m"}} 0.25
# HELP vllm:prefix_cache_queries_total Prefix cache queries, in terms of number of queried tokens.
# TYPE vllm:prefix_cache_queries_total counter
vllm:prefix_cache_queries_total{{engine="0",model_name="m"}} {queries}
# HELP vllm:prefix_cache_hits_total Prefix cache hits, in terms of number of cached tokens.
# TYPE vllm:prefix_cache_hits_total counter
vllm:prefix_cache_hits_total{{engine="0",model_name="m"}} {hits}
"""


@dataclass(frozen=True)
class Told:
    """One sample, with the labels that Prometheus adds to it."""

    name: str
    labels: dict[str, str]
    value: float


@dataclass
class Exposed:
    """The two texts of `/metrics`, by the name of their job."""

    texts: dict[str, str] = field(default_factory=dict)

    def samples(self) -> Iterator[Told]:
        """Every sample, and `up`, which Prometheus makes."""
        for job, text in self.texts.items():
            target = {"job": job, "instance": "127.0.0.1"}
            yield Told("up", target, 1)
            for family in text_string_to_metric_families(text):
                for sample in family.samples:
                    yield Told(sample.name, target | sample.labels, sample.value)


CACHED = 64
"""Tokens of each prompt that a model server had in its cache, as its reply tells."""


class LikeVllm:
    """A model server that tells its load and its cached tokens as vLLM does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        self.asked += path.endswith("/chat/completions")
        if path == "/metrics":
            told = VLLM.format(queries=1024.0 * self.asked, hits=float(CACHED * self.asked))
            await PlainTextResponse(told)(scope, receive, send)
        else:
            await self.app(scope, receive, telling_cached(send))


def telling_cached(send: Send) -> Send:
    """Add to each reply's usage what vLLM tells with `--enable-prompt-tokens-details`."""
    more = b'"prompt_tokens_details": {"cached_tokens": %d}, "completion_tokens"' % CACHED

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [one for one in message["headers"] if one[0] != b"content-length"]
        elif message["type"] == "http.response.body":
            message["body"] = message.get("body", b"").replace(b'"completion_tokens"', more)
        await send(message)

    return told


class Servers(Pair):
    """The tools and both model servers, which fail as they are told to."""

    def around(self, number: int, app: ASGIApp) -> ASGIApp:
        return super().around(number, LikeVllm(app) if number else app)


async def breaks_off(request: Request) -> Response | None:
    """End the answer to a tool call before it is whole."""

    async def nothing() -> AsyncIterator[str]:
        yield ": none\n\n"

    calls = (await request.json()).get("method") == "tools/call"
    return StreamingResponse(nothing(), media_type="text/event-stream") if calls else None


@dataclass(frozen=True)
class Lively:
    """A shop whose two processes answer under these addresses, by the name of their job."""

    floor: Shopfloor
    servers: Servers
    urls: dict[str, str]

    async def play(self) -> None:
        """Have everything happen that is counted."""
        await _turns(self.floor, self.servers)
        await _flood(self.floor)
        async with httpx2.AsyncClient(base_url=self.urls[PAGE]) as client:
            await _people(client, self.floor)
            await _staff(client, self.floor)

    async def exposed(self) -> Exposed:
        """Read what both processes tell."""
        async with httpx2.AsyncClient() as http:
            return Exposed({job: (await http.get(f"{url}/metrics")).text for job, url in self.urls.items()})


@asynccontextmanager
async def open_lively(settings: Settings, sessions: Sessions) -> AsyncIterator[Lively]:
    """Open a shop in which nothing has happened yet."""
    servers, listener = Servers(), listening()
    settings = settings.model_copy(update={"messages_per_minute": MESSAGES})
    async with open_shopfloor(settings, sessions, around=servers.around) as floor:
        page = build_app(floor.settings, sessions, floor.desk)
        async with serving((page, listener)):
            yield Lively(floor, servers, {PAGE: address(listener), TOOLS: floor.settings.public_mcp_url})


async def _turns(floor: Shopfloor, servers: Servers) -> None:
    order = await add_known_customer(floor.sessions)
    chat = (await add_conversation(floor.sessions, customer_id=order.customer_id)).id

    async def where(*faults: tuple[int, Fault]) -> None:
        for number, fault in faults:
            servers.slices[number].fault = fault
        await floor.say(chat, "Where is my order #W1042?")
        for number, _ in faults:
            servers.slices[number].fault = None

    await where()
    await where((0, first(1, breaks_off)))
    await where((2, first(1, status(500))))
    await where((2, status(400)))
    await where((1, status(400)), (2, status(400)))
    for yes in (False, True):
        asked = only(await floor.say(chat, "Please cancel order #W1042, I no longer need it."), "question")
        await floor.press(chat, asked[0]["question_id"], yes=yes)
    await floor.say(chat, "I want to talk to a person")
    await floor.say(chat, "Is anybody there?")
    somebody = await visit(floor)
    for said in ("Where is my order #W1042?", WRONG, RIGHT):
        await floor.say(somebody, said)


async def _flood(floor: Shopfloor) -> None:
    token = {"Authorization": f"Bearer {token_of(floor.settings, caller('mina'))}"}
    async with httpx2.AsyncClient(headers=token) as http:
        url = f"{floor.settings.public_mcp_url}/orders/mcp"
        assert (await http.post(url, json=[" " * LARGEST_BODY])).status_code == 413


async def _staff(client: httpx2.AsyncClient, floor: Shopfloor) -> None:
    async with writing(floor.sessions) as session:
        _, key = await make_key(session, None)
    asked = {"query": "How long do refunds take?", "mode": "select"}
    answer = await client.post("/cooperation/task", json=asked, headers={"Authorization": f"Bearer {key}"}, timeout=60)
    assert answer.status_code == 200, answer.text


async def _people(client: httpx2.AsyncClient, floor: Shopfloor) -> None:
    order = await add_order(floor.sessions)
    account = await add_account(floor.sessions, customer_id=order.customer_id)
    for password in ("wrong", PASSWORD):
        await client.post("/auth/login", json={"email": account.email, "password": password})
    chat = (await client.post("/api/conversations")).json()["id"]
    path, said = f"/api/conversations/{chat}/messages", {"text": "Hello"}
    answers = [await client.post(path, json=said) for _ in range(MESSAGES + 1)]
    assert answers[-1].status_code == 429
    await floor.desk.idle(chat)
