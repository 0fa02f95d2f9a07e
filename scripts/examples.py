"""An example client of what staff asks over HTTP: the model that suits a question, services, and several models on one.

Run it as `.venv/bin/python scripts/examples.py --example all|query|cooperation|services --key KEY`, with the key that
`shopdesk token --api-key --staff` prints, while `shopdesk up` runs.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import httpx2
import typer

from storage.settings import load_settings

PATIENCE_S = 180
LONGEST_SHOWN = 400
Request = tuple[str, str, Mapping[str, Any] | None]
"""What an example shows, its path, and its body; None for one that only looks."""

DRAFT = """Customers must hand the returned parcel in within 30 days.
The storage company charges 450 USD a month, from 1 March 2027."""
QUESTION = "Compare a refund and a replacement for a scratched lamp."
QUERIES: Sequence[Request] = (
    (
        "A question to the model that suits it",
        "/query",
        {"query": QUESTION, "preferences": {"strategy": "auto", "quality_priority": 0.8}},
    ),
    (
        "Which one would be asked, and why, without an answer",
        "/query",
        {"query": QUESTION, "preferences": {"strategy": "local_first", "max_latency_s": 60}, "dry_run": True},
    ),
    ("What was routed where", "/routing/stats", None),
    ("What runs here", "/status", None),
    ("The team, and the models behind it", "/models", None),
)
SERVICES: Sequence[Request] = (
    (
        "A question on the shop's data",
        "/service",
        {"service_type": "data_insights", "content": "How many orders are cancelled?"},
    ),
    (
        "The same with a query of one's own, for which no model is asked",
        "/service",
        {
            "service_type": "data_insights",
            "content": "How many orders are there for each status?",
            "parameters": {"sql": "SELECT status, count(*) AS n FROM orders GROUP BY status"},
        },
    ),
    (
        "A draft held against the handbook",
        "/service",
        {
            "service_type": "document_analysis",
            "content": DRAFT,
            "parameters": {"analysis_type": "comprehensive"},
        },
    ),
    (
        "A damaged item: refund or replace it",
        "/service",
        {
            "service_type": "decision_support",
            "content": "A lamp arrived damaged: refund or replace it?",
            "parameters": {
                "options": ["refund", "replace"],
                "criteria": [
                    {"name": "cost", "weight": 2, "scores": {"refund": 4, "replace": 6}},
                    {"name": "speed", "weight": 1, "scores": {"refund": 9, "replace": 5}},
                ],
                "evidence": [{"tool": "search_policies", "arguments": {"query": "damaged item"}}],
            },
        },
    ),
)
COOPERATION: Sequence[Request] = tuple(
    (f"Several models: {mode}", "/cooperation/task", {"query": "How long do I have to return an item?", "mode": mode})
    for mode in ("select", "sequential", "parallel", "vote", "pipeline", "decompose")
)


class Example(StrEnum):
    """Which examples to run."""

    ALL = "all"
    QUERY = "query"
    COOPERATION = "cooperation"
    SERVICES = "services"


CHOSEN: Mapping[Example, Sequence[Request]] = {
    Example.ALL: (*QUERIES, *SERVICES, *COOPERATION),
    Example.QUERY: QUERIES,
    Example.COOPERATION: COOPERATION,
    Example.SERVICES: SERVICES,
}


async def run(client: httpx2.AsyncClient, example: Example) -> int:
    """Send each request of an example, print what came, and return how many were refused."""
    refused = 0
    for title, path, body in CHOSEN[example]:
        answer = await client.get(path) if body is None else await client.post(path, json=dict(body))
        refused += answer.is_error
        print(f"{title} ({answer.status_code})\n  {_shown(answer.json())[:LONGEST_SHOWN]}")
    return refused


def _shown(told: Mapping[str, Any]) -> str:
    """Return the words of an answer, or all of it where there are none."""
    texts = (told.get("answer"), told.get("response"), told.get("error"), (told.get("result") or {}).get("text"))
    return next((text for text in texts if text), json.dumps(told, ensure_ascii=False))


async def _over_http(url: str, key: str, example: Example) -> int:
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=PATIENCE_S) as client:
        return await run(client, example)


def main(
    key: Annotated[str, typer.Option(help="A key of staff, from `shopdesk token --api-key --staff`")],
    example: Annotated[Example, typer.Option(help="Which examples")] = Example.ALL,
    url: Annotated[str, typer.Option(help="The page's address; default: PUBLIC_UI_URL")] = "",
) -> None:
    """Show what staff can ask over HTTP."""
    address = url or load_settings().public_ui_url
    try:
        refused = asyncio.run(_over_http(address, key, example))
    except httpx2.TransportError as error:
        print(f"{address} does not answer: {error}. Start it with `shopdesk up`, or name it with --url.")
        raise typer.Exit(2) from error
    raise typer.Exit(1 if refused else 0)


if __name__ == "__main__":
    typer.run(main)
