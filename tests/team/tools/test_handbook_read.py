"""What a search takes for no answer is read all the same: the model decides, and the desk keeps what no policy says."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.taking_in.ingest import ingest
from storage.db import Sessions
from storage.handbook.in_vain import AskedInVain
from storage.settings import Settings
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.wire import ChatRequest
from tests.factories import add_conversation, add_customer
from tests.knowledge.handbook import write_policy
from tests.team.shopfloor import answer_of, only, open_shopfloor

QUESTION = "What is the policy on gnomes indoors?"
SAYS = "Ceramic figures stay dry. (Figures)"
DECLINES = "I could not find that in our policies."


@pytest.mark.parametrize(("says", "kept"), [(SAYS, []), (DECLINES, [QUESTION])])
async def test_what_the_model_answers_from_a_passage_is_not_counted_as_asked_in_vain(
    settings: Settings, sessions: Sessions, tmp_path: Path, says: str, kept: list[str]
) -> None:
    def mind(asked: ChatRequest) -> Reply:
        last = asked.messages[-1]
        return Reply(text=says) if last.role == "tool" else answer(asked)

    write_policy(tmp_path / "pages", "## Care\n\nCeramic figures stay dry.", id="figures", title="Figures")
    await ingest(settings, sessions, [tmp_path / "pages"])
    customer = await add_customer(sessions)
    chat = (await add_conversation(sessions, customer_id=customer.id)).id
    async with open_shopfloor(settings, sessions, mind) as floor:
        steps = await floor.say(chat, QUESTION)

    found = [json.loads(one["text"]) for one in only(steps, "tool_result")]
    assert [one["answered"] for one in found] == [False]
    assert answer_of(steps) == says
    async with sessions() as session:
        assert list(await session.scalars(select(AskedInVain.question))) == kept
