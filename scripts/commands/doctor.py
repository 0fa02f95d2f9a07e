"""`shopdesk doctor`: checks each part of the shop, and says how to fix any problem."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
import typer

from scripts.running.one_at_a_time import is_running
from storage.characters import cleaned
from storage.db import DatabaseMissingError, open_sessions, reading
from storage.endpoints import FILE, Endpoint, load_endpoints
from storage.errors import ShopError
from storage.migrate import require_shop
from storage.settings import CannotStartError, Settings, load_settings
from storage.shop.shop import find_shop

WAIT_S = 3.0
OK = 200
QUESTION = "How long do refunds take?"


@dataclass(frozen=True)
class Finding:
    """One part of the shop: whether it is healthy, and a message about it."""

    part: str
    well: bool
    told: str

    def __str__(self) -> str:
        return f"{'✓' if self.well else '✗'} {self.part}: {self.told}"


def run() -> None:
    """Check data, handbook, models and running processes, and say how to fix any problem.

    The exit code is 1 if there are problems. It changes nothing.

    Example: [bold]shopdesk doctor[/bold]
    """
    if not asyncio.run(_told(load_settings())):
        raise typer.Exit(1)


async def _told(settings: Settings) -> bool:
    well = True
    async for finding in _findings(settings):
        typer.echo(cleaned(str(finding)))
        well = well and finding.well
    return well


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    yield Finding("data", True, str(settings.shopdesk_home))
    try:
        yield await _database(settings)
        embeddings = await _embeddings(settings) if settings.embeddings_base_url else None
        if embeddings is not None:
            yield embeddings
        if embeddings is None or embeddings.well:
            yield await _handbook(settings)
        if settings.rerank_base_url:
            yield await _reranking(settings)
    except DatabaseMissingError:
        # Everything else is missing too, and the same command fixes it.
        yield Finding("shop", False, "not started yet: run `scripts/start` or `shopdesk up`")
        return
    except CannotStartError as error:
        yield Finding("database", False, str(error))
    async with httpx2.AsyncClient(timeout=WAIT_S) as http:
        try:
            for name, endpoint in load_endpoints(settings).endpoints.items():
                yield await _model(http, settings, name, endpoint)
        except CannotStartError as error:
            yield Finding("models", False, str(error))
        yield await _program(http, settings, "page", settings.public_ui_url)
        yield await _program(http, settings, "tool servers", settings.public_mcp_url)


async def _database(settings: Settings) -> Finding:
    await require_shop(settings.database)
    async with open_sessions(settings.database) as sessions, reading(sessions) as session:
        shop = await find_shop(session)
    return Finding("database", True, "no data yet; run `shopdesk seed`" if shop is None else f"{shop.origin} data")


async def _embeddings(settings: Settings) -> Finding:
    # Slow to import, and few shops need it.
    from knowledge.handbook import embedder_of

    try:
        vector = await embedder_of(settings).embed_question(QUESTION)
    except ShopError as error:
        return Finding("embeddings", False, str(error))
    return Finding("embeddings", True, f"{settings.embeddings_model} returns vectors of {vector.shape[1]} numbers")


async def _reranking(settings: Settings) -> Finding:
    # Slow to import, and few shops need it.
    from knowledge.handbook import reranker_of

    reranker = reranker_of(settings)
    try:
        await reranker.scores(QUESTION, [QUESTION])  # type: ignore[union-attr]  # it exists if an address is set
    except ShopError as error:
        return Finding("re-ranking", False, str(error))
    return Finding("re-ranking", True, f"{settings.rerank_model} returns scores")


async def _handbook(settings: Settings) -> Finding:
    # Slow to import, and nothing before this needs it.
    from knowledge.handbook import handbook_of

    # Re-ranking is checked separately.
    handbook = handbook_of(settings.model_copy(update={"rerank_base_url": ""}))
    today = datetime.now(UTC).date()
    try:
        async with open_sessions(settings.database) as sessions, reading(sessions) as session:
            await handbook.search(session, QUESTION, language=None, limit=1, today=today)
    except ShopError as error:
        return Finding("handbook", False, str(error))
    return Finding("handbook", True, "can be searched")


async def _model(http: httpx2.AsyncClient, settings: Settings, name: str, endpoint: Endpoint) -> Finding:
    from team.models.load import read_load
    from team.models.served import misfits

    load = await read_load(http, endpoint)
    part = f"model {name}"
    if not load.reachable and settings.mock_llm == "bridge" and endpoint.slice:
        return Finding(part, True, f"nothing answers at {endpoint.base_url} yet; the stand-in does in its place")
    if not load.reachable:
        return Finding(part, False, f"nothing answers at {endpoint.base_url}; {_way_out(settings, endpoint)}")
    if problems := misfits(name, endpoint, load.served, settings):
        return Finding(part, False, "; ".join(problems))
    return Finding(part, True, "the stand-in answers" if load.stand_in else f"{endpoint.model} answers")


async def _program(http: httpx2.AsyncClient, settings: Settings, part: str, address: str) -> Finding:
    try:
        found = await http.get(f"{address}/health")
    except httpx2.HTTPError:
        return Finding(part, False, f"nothing answers at {address}; {_starting(settings)}")
    unwell = f"returns {found.status_code} at {address}; see {settings.shopdesk_home / 'logs'}"
    well = found.status_code == OK
    return Finding(part, well, f"running at {address}" if well else unwell)


def _starting(settings: Settings) -> str:
    if is_running(settings):
        logs = settings.shopdesk_home / "logs"
        return f"`shopdesk up` is running and restarts it by itself; see {logs}, and check that the ports match"
    return "start it with `shopdesk up`"


def _way_out(settings: Settings, endpoint: Endpoint) -> str:
    named = {1: settings.model1_base_url, 2: settings.model2_base_url}
    if endpoint.slice in named and not named[endpoint.slice]:
        return "its stand-in is down: " + _starting(settings)
    setting = f"MODEL{endpoint.slice}_BASE_URL" if endpoint.slice in named else f"{settings.shopdesk_home / FILE}"
    return f"start that model's server, or correct its address in {setting}"
