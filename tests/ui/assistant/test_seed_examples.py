"""The calls that people know from a system of cooperating models, as they are written there."""

import pytest

from storage.db import Sessions
from storage.settings import Settings
from tests.team.shopfloor import NAMES
from tests.ui.inside.staffed import staffed

# A whole shop is served, and answers with its models.
pytestmark = pytest.mark.slow

QUERY = """{
  "query": "Your question here",
  "preferences": {"strategy": "auto", "quality_priority": 0.8}
}"""
SERVICE = """{
  "service_type": "document_analysis",
  "content": "Document text...",
  "parameters": {"analysis_type": "comprehensive"}
}"""
TASK = """{
  "query": "Complex analysis request",
  "mode": "sequential",
  "models": ["qwen3_32b_reasoning", "qwen2_5_7b"]
}"""
JSON = {"Content-Type": "application/json"}


async def test_the_known_calls_are_answered_as_they_are_written(settings: Settings, sessions: Sessions) -> None:
    async with staffed(settings, sessions) as (floor, client):
        path = floor.settings.shopdesk_home / "models.toml"
        for key, url, model in (
            ("qwen3_32b_reasoning", floor.settings.model1_base_url, NAMES[0]),
            ("qwen2_5_7b", floor.settings.model2_base_url, NAMES[1]),
        ):
            path.write_text(f'{path.read_text()}\n[endpoints.{key}]\nbase_url = "{url}"\nmodel = "{model}"\n')
        query = await client.post("/query", content=QUERY, headers=JSON)
        service = await client.post("/service", content=SERVICE, headers=JSON)
        task = await client.post("/cooperation/task", content=TASK, headers=JSON)
        looked = [await client.get(path) for path in ("/status", "/models", "/routing/stats")]

    assert (query.status_code, query.json()["decision"]["strategy"]) == (200, "auto")
    assert query.json()["response"]
    assert (service.status_code, service.json()["text"]) == (200, None), service.text
    assert (task.status_code, task.json()["status"]) == (200, "done")
    assert [one["model"] for one in task.json()["result"]["answers"]] == ["qwen3_32b_reasoning", "qwen2_5_7b"]
    assert [one.status_code for one in looked] == [200, 200, 200]
    assert {"qwen3_32b_reasoning", "qwen2_5_7b"} <= {one["name"] for one in looked[1].json()["models"]}
    assert looked[2].json()["decisions"] == 1
