"""A role that votes: every model looks at the damage, and where they differ the verdict is unclear."""

import pytest
from starlette.responses import Response

from storage.db import Sessions
from storage.endpoints import FILE, EndpointsError, load_endpoints
from storage.settings import Settings
from tests.clients import caller, text_of
from tests.mcp_servers.vision.models import Scripted, saying, seen_by_both
from tests.mcp_servers.vision.pictures import parcel
from tests.mcp_servers.vision.test_inspect_damage import inspect, ordered
from tests.mcp_servers.vision.test_other_slice import calls_of

BROKEN = {"verdict": "damaged", "confidence": 0.9, "evidence": "A crack."}
SURE = {"verdict": "damaged", "confidence": 0.7, "evidence": "A dent."}
WHOLE = {"verdict": "not_damaged", "confidence": 0.8, "evidence": "No crack."}
UNSURE = {"verdict": "damaged", "confidence": 0.2, "evidence": "Perhaps."}
AWAY = Scripted(lambda: Response(status_code=503))
SHIPPED = '[roles.vision]\nendpoint = "slice1"\n'
VOTES = '[roles.vision]\nmode = "vote"\nendpoint = ["slice1", "slice2"]\n'


def set_roles(settings: Settings, before: str, after: str) -> None:
    path = settings.shopdesk_home / FILE
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


@pytest.mark.parametrize(
    ("first", "second", "verdict", "confidence", "told"),
    [
        (saying(BROKEN), saying(SURE), "damaged", 0.7, "A dent."),
        (saying(BROKEN), saying(WHOLE), "unclear", 0, "The models disagree: slice1: damaged (A crack.); slice2: not_"),
        (saying(BROKEN), saying(UNSURE), "unclear", 0, "The models disagree"),
        (saying(BROKEN), AWAY, "unclear", 0, "Not all of the 2 models that vote could look: slice1: damaged"),
    ],
    ids=["they agree", "they differ", "one is unsure", "one is away"],
)
async def test_a_verdict_is_what_all_models_agree_on(
    settings: Settings,
    sessions: Sessions,
    first: Scripted,
    second: Scripted,
    verdict: str,
    confidence: float,
    told: str,
) -> None:
    set_roles(settings, SHIPPED, VOTES)
    await ordered(sessions, parcel())

    async with seen_by_both(first.app, second.app, settings) as seen:
        result = await inspect(seen, sessions, caller("olivia"))

    found = result.structured_content or {}
    assert (found["verdict"], found["confidence"]) == (verdict, confidence), text_of(result)
    assert told in found["evidence"]
    assert [call[:2] for call in calls_of(result)] == [("slice1", ""), ("slice2", "")][: 1 if second is AWAY else 2]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (SHIPPED, '[roles.vision]\nmode = "vote"\nendpoint = "slice1"\n', "role vision votes with one endpoint"),
        ("[roles.orders]\n", '[roles.orders]\nmode = "vote"\n', "role orders cannot vote"),
        ("[roles.orders]\n", '[roles.orders]\ncheck = "slice2"\n', "is to be checked by slice2, which answers for it"),
        ("[roles.orders]\n", '[roles.orders]\ncheck = "slice9"\n', "uses the endpoint slice9, which is not defined"),
        ("[roles.router]\n", '[roles.router]\ncheck = "slice2"\n', "says nothing to customers"),
    ],
)
def test_endpoints_that_cannot_work_together_are_named(
    settings: Settings, before: str, after: str, problem: str
) -> None:
    set_roles(settings, before, after)

    with pytest.raises(EndpointsError, match=problem):
        load_endpoints(settings)
