"""Who answers in a shop that starts: models, the stand-in, or the stand-in until the models do."""

import asyncio
from urllib.parse import urlsplit

import httpx2

from scripts.running.processes import Part
from storage.endpoints import FILE, Endpoint, Endpoints, environment_endpoint, load_endpoints, read_file
from storage.settings import CannotStartError, Settings


class NoModelError(CannotStartError):
    """The stand-in is forbidden, and no model answers."""

    def __init__(self, endpoints: Endpoints) -> None:
        tried = ", ".join(f"{key} at {one.base_url}" for key, one in endpoints.endpoints.items())
        super().__init__(
            f"MOCK_LLM=false forbids the stand-in, and no model answers: {tried}. Start one of them, name another with "
            "`shopdesk models preset`, or unset MOCK_LLM."
        )


def stand_in_parts(settings: Settings) -> list[Part]:
    """Return the stand-in's process, if this shop has one: a server for each slice."""
    here = _stand_ins(settings)
    if not here:
        return []
    ports = tuple(urlsplit(one.base_url).port or 80 for one in here)
    path = settings.shopdesk_home / FILE
    return [
        Part(
            "stand-in models",
            ("-m", "team.standin", "--ports", *map(str, ports), "--host", settings.host),
            ports,
            f"http://{settings.host}:{ports[0]}/health",
            f"change base_url in {path}; if it is a model server, set MODEL1_BASE_URL and MODEL2_BASE_URL",
        )
    ]


def _stand_ins(settings: Settings) -> list[Endpoint]:
    if settings.mock_llm == "false":
        return []
    found = load_endpoints(settings).endpoints.values()
    if settings.mock_llm == "true":
        return list(found)
    if settings.mock_llm == "bridge":
        return [one for one in found if one.bridges]
    if (settings.model1_base_url and settings.model2_base_url) or not any(one.slice for one in found):
        return []
    return [one for one in read_file(settings).endpoints.values() if one.slice]


async def who_answers(settings: Settings) -> str:
    """Return a line about who answers, where that is not what models.toml says; empty where it is.

    Raises:
        NoModelError: MOCK_LLM=false, and no model answers.
    """
    found = load_endpoints(settings)
    if settings.mock_llm == "false" and not await _some_model_answers(found):
        raise NoModelError(found)
    told = environment_endpoint(settings, read_file(settings))
    if told is not None:
        endpoint = found.endpoints[told.key]
        return (
            f"models: {endpoint.model} at {endpoint.base_url} for every role, "
            f"since {told.by} is set (MOCK_LLM=true for the stand-in)"
        )
    bridged = [one.base_url for one in found.endpoints.values() if one.slice and not one.bridges]
    if settings.mock_llm == "bridge" and bridged:
        return f"models: the stand-in answers, and says so, until {' or '.join(bridged)} does"
    return "models: the stand-in for every role, since MOCK_LLM=true" if settings.mock_llm == "true" else ""


async def _some_model_answers(found: Endpoints) -> bool:
    # Slow to import, and few shops ask.
    from team.models.load import read_load

    async with httpx2.AsyncClient() as http:
        loads = await asyncio.gather(*(read_load(http, one) for one in found.endpoints.values()))
    return any(load.reachable and not load.stand_in for load in loads)
