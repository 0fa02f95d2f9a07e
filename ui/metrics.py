"""What this process counted, and what waits in the shop at this moment, in the text that Prometheus reads."""

import asyncio
import shutil
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storage.chats.backlog import Backlog, count_backlog
from storage.db import Sessions, reading
from storage.endpoints import Endpoints, EndpointsError
from storage.outages import OUTAGES
from storage.process.looked import Found
from storage.process.metrics import exposition, refusals
from storage.settings import Settings
from team.desk.desk import Desk
from team.models.load import Load
from team.models.models import Models
from team.turn.confirmations import EXPIRES
from ui.parts import parts_of

DATABASE_S = 2.0
"""A database that takes longer does not answer."""


async def metrics(request: Request) -> Response:
    """Tell the numbers of this process, and of the shop."""
    parts = parts_of(request)
    desk, models = parts.desk, parts.desk.answering.models
    counted, configured = desk.steps.metrics, _endpoints(models)
    loads, backlog = await asyncio.gather(_loads(models, configured), _backlog(parts.sessions))
    counted.looked.tell(
        [
            *_here(desk, parts.settings),
            *_waiting(backlog),
            *(one for key, load in loads.items() for one in _load(key, load)),
            *_serving(models, configured),
            *refusals(parts.sessions.refusals),
        ]
    )
    # Which endpoints there are, models.toml says at each moment.
    counted.left_alone.clear()
    for key, endpoint in configured.endpoints.items() if configured else ():
        counted.left_alone.labels(key).set(models.breaker(endpoint).is_open)
    return exposition(counted.registry)


def _endpoints(models: Models) -> Endpoints | None:
    try:
        return models.endpoints
    except EndpointsError:
        return None


async def _loads(models: Models, configured: Endpoints | None) -> dict[str, Load]:
    return {} if configured is None else await models.loads.read(configured.endpoints)


async def _backlog(sessions: Sessions) -> Backlog | None:
    """Return what waits; None where the database does not answer."""
    try:
        async with asyncio.timeout(DATABASE_S), reading(sessions) as session:
            return await count_backlog(session, EXPIRES)
    except (*OUTAGES, TimeoutError):
        return None


def _here(desk: Desk, settings: Settings) -> Iterator[Found]:
    disk = shutil.disk_usage(settings.shopdesk_home)
    yield Found("shopdesk_turns_running", len(desk.running()))
    yield Found("shopdesk_viewers", desk.steps.viewers)
    yield Found("shopdesk_disk_free_bytes", disk.free)
    yield Found("shopdesk_disk_size_bytes", disk.total)


def _waiting(backlog: Backlog | None) -> Iterator[Found]:
    yield Found("shopdesk_database_up", backlog is not None)
    if backlog is not None:
        yield Found("shopdesk_turns_waiting", backlog.cut_off)
        yield Found("shopdesk_open_questions", backlog.open_questions)
        yield Found("shopdesk_handovers_open", backlog.handovers)
        yield Found("shopdesk_handovers_waiting", backlog.waiting)
        yield Found("shopdesk_handover_oldest_wait_seconds", backlog.oldest_wait_s)


def _load(key: str, load: Load) -> Iterator[Found]:
    yield Found("shopdesk_endpoint_up", load.reachable, (key,))
    yield Found("shopdesk_endpoint_requests", load.running, (key, "running"))
    yield Found("shopdesk_endpoint_requests", load.waiting, (key, "waiting"))
    yield Found("shopdesk_endpoint_kv_cache_usage_ratio", load.kv_cache, (key,))
    yield Found("shopdesk_endpoint_prefix_cache_queries_total", load.prefix_queries, (key,))
    yield Found("shopdesk_endpoint_prefix_cache_hits_total", load.prefix_hits, (key,))


def _serving(models: Models, configured: Endpoints | None) -> Iterator[Found]:
    for role in configured.roles if configured else ():
        for model in models.candidates(role):
            yield Found("shopdesk_endpoint_serves", 1, (model.key, role))


ROUTES = [Route("/metrics", metrics)]
