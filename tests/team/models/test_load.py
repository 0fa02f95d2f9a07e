"""What endpoints say of their load, in vLLM's names, and of those that say less."""

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from storage.endpoints import Endpoint
from team.models.load import Load, Loads
from team.standin.server import build_app
from tests.team.serving import address, listening, serving

METRICS = """# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="m"} 3.0
vllm:num_requests_running{engine="1",model_name="m"} 2.0
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="m"} 7.0
# TYPE vllm:kv_cache_usage_perc gauge
vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.5
# TYPE vllm:prefix_cache_queries_total counter
vllm:prefix_cache_queries_total{engine="0",model_name="m"} 300.0
vllm:prefix_cache_queries_total{engine="1",model_name="m"} 100.0
# TYPE vllm:prefix_cache_hits_total counter
vllm:prefix_cache_hits_total{engine="0",model_name="m"} 200.0
vllm:prefix_cache_hits_total{engine="1",model_name="m"} 10.0
# TYPE http_requests_total counter
http_requests_total 5.0
"""


def served(health: int, metrics: str | None) -> tuple[Starlette, list[str]]:
    asked: list[str] = []

    async def models(request: Request) -> Response:
        asked.append(request.headers["authorization"])
        return JSONResponse({"data": [{"id": "m", "owned_by": "vllm"}]})

    async def healthy(_: Request) -> Response:
        return Response(status_code=health)

    async def exposed(_: Request) -> Response:
        return Response(status_code=404) if metrics is None else PlainTextResponse(metrics)

    routes = [Route("/v1/models", models), Route("/health", healthy), Route("/metrics", exposed)]
    return Starlette(routes=routes), asked


async def load_of(app: Starlette, times: int = 1) -> Load:
    listener = listening()
    endpoint = Endpoint(base_url=f"{address(listener)}/v1", model="m", api_key="secret")
    async with serving((app, listener)), httpx2.AsyncClient() as http:
        loads = Loads(http)
        for _ in range(times):
            found = await loads.read({"one": endpoint})
    return found["one"]


async def test_a_servers_engines_are_one_load() -> None:
    assert await load_of(served(200, METRICS)[0]) == Load(
        True, False, running=5, waiting=7, kv_cache=0.5, prefix_queries=400, prefix_hits=210
    )


async def test_a_provider_without_health_and_metrics_is_reachable_and_no_more_is_known() -> None:
    assert await load_of(served(404, None)[0]) == Load(True)
    assert await load_of(served(404, "<html>not found</html>")[0]) == Load(True)


async def test_a_server_whose_engine_died_is_not_reachable() -> None:
    assert await load_of(served(503, METRICS)[0]) == Load(False)


async def test_a_router_with_a_dead_server_and_a_well_one_is_reachable() -> None:
    async def ready(_: Request) -> Response:
        return JSONResponse({"status": "ready", "healthy_workers": 1, "total_workers": 2})

    app, _ = served(503, None)
    app.routes.append(Route("/readiness", ready))

    assert await load_of(app) == Load(True)


async def test_a_stand_in_says_what_it_is_and_how_busy() -> None:
    assert await load_of(build_app("m")) == Load(
        True, True, running=0, waiting=0, kv_cache=0, generation_tokens=0, prompt_tokens=0
    )


async def test_many_looks_are_one_question_with_the_endpoints_own_key() -> None:
    app, asked = served(200, METRICS)

    await load_of(app, times=5)

    assert asked == ["Bearer secret"]
