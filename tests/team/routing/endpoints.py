"""Four endpoints as a shop may have them, and calls that were measured of each."""

import time
from typing import Any

from storage.endpoints import Endpoint, Endpoints
from team.models.load import Load
from team.models.slices.speeds import Call, Speeds
from team.routing.choosing import Known

GIVEN: dict[str, dict[str, Any]] = {
    "small": {"model": "small-7b", "quality": 0.4, "good_at": ["order", "small_talk"], "vision": False},
    "large": {"model": "large-72b", "quality": 0.7, "good_at": ["vision", "product"], "context_tokens": 32_000},
    "thinker": {"model": "thinker-32b", "quality": 0.7, "good_at": ["reasoning", "code"], "vision": False},
    "hosted": {"model": "hosted", "quality": 0.9, "price_in": 2.0, "price_out": 10.0, "context_tokens": 100_000},
}
SPEEDS = {"small": (0.1, 90.0), "large": (0.8, 20.0), "thinker": (0.5, 30.0), "hosted": (0.4, 80.0)}
"""Seconds to the first word, and tokens a second."""


def made(routing: dict[str, Any] | None = None, **changes: dict[str, Any]) -> Endpoints:
    """The endpoints, some with other fields, and a rule table."""
    hosts = {"hosted": "https://api.example.com/v1"}
    endpoints = {
        key: {"base_url": hosts.get(key, f"http://{key}:8000/v1"), **told, **changes.get(key, {})}
        for key, told in GIVEN.items()
    }
    roles = {"router": {"endpoint": "small"}}
    return Endpoints.model_validate({"endpoints": endpoints, "roles": roles, "routing": routing or {}})


def calls(first_s: float, rate: float, *, count: int = 10, failed: int = 0) -> list[Call]:
    """Calls that took so long to the first word and wrote so many tokens a second, some of which failed."""
    at, tokens = time.monotonic(), 101
    return [Call(at, number < failed, first_s + (tokens - 1) / rate, first_s, tokens) for number in range(count)]


def measured(endpoints: Endpoints, **failing: int) -> Speeds:
    """Speeds as measured; of ten calls, so many fail at an endpoint."""
    speeds = Speeds()
    for key, endpoint in endpoints.endpoints.items():
        for call in calls(*SPEEDS[key], failed=failing.get(key, 0)):
            speeds.note((endpoint.base_url, endpoint.model), "", call)
    return speeds


def known(speeds: Speeds, *resting: Endpoint, loads: dict[Endpoint, Load] | None = None) -> Known:
    """What is known at the moment: speeds, loads, and who is left alone."""
    return Known(speeds, (loads or {}).get, lambda endpoint: endpoint in resting)
