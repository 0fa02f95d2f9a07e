"""The hostile mind: what it draws, and that every row of its table does something that goes over the wire."""

import json
from collections import Counter
from itertools import chain

import pytest

from team.standin import mind
from team.standin.completion import Reply
from team.standin.hostility.breaks import BREAKS
from team.standin.hostility.calls import CODES
from team.standin.hostility.hostile import Hostile
from team.standin.hostility.table import Row, rows
from team.standin.raw import Raw
from team.standin.wire import ChatRequest
from tests.team.standin.talk import CANCEL, GET_ORDER, SYSTEM, Json

ASKED = "Where is my order #W1042001?"
ROUTED: Json = {"structured_outputs": {"choice": ["OrderTracker", "TicketDesk"]}}


def request(text: str = ASKED, **more: object) -> ChatRequest:
    messages = [SYSTEM, {"role": "user", "content": text}]
    return ChatRequest.model_validate({"model": "m", "messages": messages, "stream": True, **more})


def with_tools(text: str = ASKED) -> ChatRequest:
    return request(text, tools=[CANCEL, GET_ORDER])


def replies(hostile: Hostile, asked: ChatRequest, times: int) -> list[Reply | Raw]:
    return [hostile(asked) for _ in range(times)]


def frames(raw: Raw) -> list[Json]:
    lines = "".join(raw.pieces).split("\n\n")
    told = [line.partition("data: ")[2] for line in lines]
    return [json.loads(line) for line in told if line and line != "[DONE]"]


def test_the_same_seed_gives_the_same_replies_and_another_one_others() -> None:
    same = [replies(Hostile(seed), with_tools(), 60) for seed in ("a", "a", "b")]

    assert same[0] == same[1]
    assert same[0] != same[2]


def test_about_half_of_the_replies_are_as_usual() -> None:
    usual = mind.answer(with_tools())

    as_usual = sum(reply == usual for reply in replies(Hostile(), with_tools(), 300))

    assert 100 < as_usual < 200


def test_without_a_share_it_is_the_usual_mind() -> None:
    assert replies(Hostile(share=0), with_tools(), 20) == [mind.answer(with_tools())] * 20


def test_every_row_of_the_table_is_drawn() -> None:
    hostile = Hostile(share=1)
    replies(hostile, with_tools(), 3_000)
    replies(hostile, request(**ROUTED), 60)

    drawn = Counter(chain(*hostile.drawn))

    assert {row.name for row in rows()} - drawn.keys() == set()


def test_no_two_rows_have_one_name() -> None:
    names = Counter(row.name for row in rows())

    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.kind}: {row.name}")
def test_a_row_has_what_its_kind_needs(row: Row) -> None:
    assert {
        "route": row.code in {"any_choice", "no_choice"},
        "text": not row.code and not row.form,
        "written": "{name}" in row.form,
        "call": row.code in CODES,
        "wire": row.code in BREAKS,
    }[row.kind]


def test_no_function_is_without_a_row() -> None:
    assert {row.code for row in rows() if row.kind in {"call", "wire"}} == {*CODES, *BREAKS}


def test_a_text_is_in_the_language_of_the_customer() -> None:
    [gift] = [row for row in rows() if row.name == "a gift for a yes"]

    assert "free gift" in gift.text("en")
    assert "사은품" in gift.text("ko")


def test_a_reply_that_is_not_streamed_is_one_body() -> None:
    hostile = Hostile(share=1)
    bodies = [reply for reply in replies(hostile, request(stream=False, **ROUTED), 40) if isinstance(reply, Raw)]
    routes = {row.name for row in rows() if row.kind == "route"}
    whole = [body for body, names in zip(bodies, hostile.drawn, strict=True) if set(names) <= routes]

    assert len(whole) > 10
    assert all("message" in json.loads("".join(body.pieces))["choices"][0] for body in whole)


def test_a_text_is_cut_where_the_request_says() -> None:
    hostile = Hostile(share=1)
    said = replies(hostile, request(max_tokens=20), 1_500)
    endless = [reply for reply, names in zip(said, hostile.drawn, strict=True) if names == ("a letter without end",)]

    ends = [frames(reply)[-1]["choices"][0]["finish_reason"] for reply in endless if isinstance(reply, Raw)]

    assert set(ends) == {"length"}
