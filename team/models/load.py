"""What model endpoints report about themselves: whether they are up, and how busy. Never asked during a turn."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from storage.endpoints import Endpoint
from team.models.served import Served, served_in

TIMEOUT_S = 1.0
FRESH_S = 5.0
SERVER_ERROR = 500
STAND_IN = "shopdesk-standin"
GAUGES = {
    "vllm:num_requests_running": "running",
    "vllm:num_requests_waiting": "waiting",
    "vllm:kv_cache_usage_perc": "kv_cache",
    "vllm:gpu_cache_usage_perc": "kv_cache",
    "vllm:prefix_cache_queries_total": "prefix_queries",
    "vllm:prefix_cache_hits_total": "prefix_hits",
    "vllm:generation_tokens_total": "generation_tokens",
    "vllm:prompt_tokens_total": "prompt_tokens",
}
"""vLLM's metric names, one of them from before 0.10; a hosted provider publishes none, so its load stays unknown."""


LABEL = re.compile(r'(\w{1,64})="([^"]{0,64})"')
SHARE = re.compile(r"[01](?:\.\d{1,12})?")
CONFIGURED = "vllm:cache_config_info"
"""vLLM's metric whose labels say how its memory was set."""


@dataclass(frozen=True)
class Room:
    """How much room a server was given: the share of its GPU's memory, 0 to 1, and tokens in its KV cache."""

    gpu_share: float | None = None
    kv_tokens: int | None = None


@dataclass(frozen=True)
class Load:
    """The load of one endpoint a moment ago. `kv_cache` is the share in use, 0 to 1; None means unknown.

    `prefix_queries` are the tokens looked up in its prefix cache since it started, `prefix_hits` those found there;
    `prompt_tokens` and `generation_tokens` all that it read and wrote since then.
    """

    reachable: bool
    stand_in: bool = False
    running: float | None = None
    waiting: float | None = None
    kv_cache: float | None = None
    prefix_queries: float | None = None
    prefix_hits: float | None = None
    generation_tokens: float | None = None
    prompt_tokens: float | None = None
    room: Room = Room()
    served: Served | None = field(default=None, compare=False)
    """The models it lists, which are not part of its load."""

    def as_json(self) -> dict[str, bool | float | None]:
        """The fields of the load itself."""
        return {name: getattr(self, name) for name in ("reachable", "stand_in", "running", "waiting", "kv_cache")}


class Loads:
    """The load of every endpoint, asked at most every five seconds however many pages are open."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http
        self._asking = asyncio.Lock()
        self._known: dict[Endpoint, tuple[float, Load]] = {}

    async def read(self, endpoints: Mapping[str, Endpoint]) -> dict[str, Load]:
        """Return the load of each endpoint, by its key."""
        async with self._asking:
            old = [one for one in set(endpoints.values()) if self._age(one) > FRESH_S]
            found = await asyncio.gather(*(read_load(self._http, one) for one in old))
            at = time.monotonic()
            self._known.update({one: (at, load) for one, load in zip(old, found, strict=True)})
            return {key: self._known[one][1] for key, one in endpoints.items()}

    def last(self, endpoint: Endpoint) -> Load | None:
        """Return the load of an endpoint as it was told last, without asking now; None if it never was."""
        known = self._known.get(endpoint)
        return None if known is None else known[1]

    def _age(self, endpoint: Endpoint) -> float:
        at, _ = self._known.get(endpoint, (0.0, None))
        return time.monotonic() - at if at else float("inf")


async def read_load(http: httpx2.AsyncClient, endpoint: Endpoint) -> Load:
    """Ask an endpoint's `/v1/models`, and its `/health` and `/metrics`, which only some servers have."""
    root = endpoint.base_url.removesuffix("/").removesuffix("/v1")
    key = {"Authorization": f"Bearer {endpoint.api_key}"}
    models, health, metrics = await asyncio.gather(
        _get(http, f"{endpoint.base_url}/models", key),
        _get(http, f"{root}/health", {}),
        _get(http, f"{root}/metrics", {}),
    )
    sick = health is not None and health.status_code >= SERVER_ERROR and not await _is_ready(http, root)
    if models is None or sick or not (models.is_success or _lists_none(endpoint, models)):
        return Load(reachable=False)
    told = metrics.text if metrics is not None and metrics.is_success else ""
    gauges = _gauges(told)
    return Load(
        True,
        STAND_IN in models.text,
        running=gauges.get("running"),
        waiting=gauges.get("waiting"),
        kv_cache=gauges.get("kv_cache"),
        prefix_queries=gauges.get("prefix_queries"),
        prefix_hits=gauges.get("prefix_hits"),
        generation_tokens=gauges.get("generation_tokens"),
        prompt_tokens=gauges.get("prompt_tokens"),
        room=_room(told),
        served=_served(models),
    )


async def _is_ready(http: httpx2.AsyncClient, root: str) -> bool:
    """Whether this is a router with a server that is well: vLLM's says that it is not, while any behind it is not."""
    ready = await _get(http, f"{root}/readiness", {})
    return ready is not None and ready.is_success


def _lists_none(endpoint: Endpoint, models: httpx2.Response) -> bool:
    """Whether a server answered that is known to keep its list of models to itself."""
    return not endpoint.lists_models and models.status_code < SERVER_ERROR


def _served(models: httpx2.Response) -> Served | None:
    try:
        return served_in(models.json())
    except ValueError:
        # This is some other program's page.
        return None


async def _get(http: httpx2.AsyncClient, url: str, headers: dict[str, str]) -> httpx2.Response | None:
    # A server that sends a byte now and then would outlast the client's own timeouts.
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await http.get(url, headers=headers)
    except (httpx2.HTTPError, TimeoutError):
        return None


def _gauges(exposition: str) -> dict[str, float]:
    """Return the relevant gauges; across several engines, requests are summed and the fullest cache counts."""
    # Slow to import, and no turn needs it.
    from prometheus_client.parser import text_string_to_metric_families

    found: dict[str, float] = {}
    try:
        families = list(text_string_to_metric_families(exposition))
    except ValueError:
        # This is some other program's page.
        return {}
    for sample in (sample for family in families for sample in family.samples if sample.name in GAUGES):
        name = GAUGES[sample.name]
        before = found.get(name, 0.0)
        found[name] = max(before, sample.value) if name == "kv_cache" else before + sample.value
    return found


def _room(exposition: str) -> Room:
    """Return how much room a vLLM server was given; unknown where it does not say."""
    line = next((line for line in exposition.splitlines() if line.startswith(f"{CONFIGURED}{{")), "")
    labels = dict(LABEL.findall(line))
    share, blocks, size = (labels.get(name, "") for name in ("gpu_memory_utilization", "num_gpu_blocks", "block_size"))
    known = blocks.isdigit() and size.isdigit()
    return Room(
        float(share) if SHARE.fullmatch(share) else None,
        int(blocks) * int(size) if known else None,
    )
