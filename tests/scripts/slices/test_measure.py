"""`shopdesk models measure`: figures of whatever is served."""

import json

from storage.settings import Settings
from tests.scripts.command import shopdesk
from tests.team.faulty import Faulty


async def test_each_number_of_conversations_is_measured_with_what_the_server_tells_of_its_caches(
    slices: list[Faulty],
) -> None:
    told = await shopdesk("models", "measure", "slice1", "--tokens", "8", "--json")

    lines = [json.loads(line) for line in told.said.splitlines()]
    assert (told.code, [line["conversations"] for line in lines]) == (0, [1, 4, 16])
    assert all(0 < line["first_token_s"] <= line["first_token_p95_s"] for line in lines)
    assert all(line["tokens_per_s"] > 0 for line in lines)
    assert {type(line["kv_cache_peak"]) for line in lines} == {float}
    assert len(slices[0].asked) == 3 * (1 + 4 + 16)


async def test_what_does_not_answer_is_said_in_a_line(settings: Settings, slices: list[Faulty]) -> None:
    unknown = await shopdesk("models", "measure", "slice7")

    assert unknown.code == 2
    assert "has no endpoint slice7; it has: slice1, slice2" in unknown.complained
