"""`data_insights`: right queries answer, wrong ones are shown as unsure, attacks do not run at all."""

import hashlib
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from scripts.bench.insight.figures import figures_of
from scripts.bench.insight.questions import questions_of, same_rows
from scripts.bench.insight.wrong import ATTACKS, wrong_of
from storage.db import Sessions
from storage.settings import Settings
from team.services.insights.checking import NotAllowedError, checked
from team.services.insights.running import FailedError, TooLongError, run
from team.services.insights.tables import of_shop
from tests.team.services.scripted import Writes, scripted

SAMPLED = 9


async def ask(client: httpx2.AsyncClient, question: str, **parameters: str) -> dict[str, Any]:
    body = {"service_type": "data_insights", "content": question, "parameters": parameters}
    answer = await client.post("/service", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def in_turn(*replies: str) -> Writes:
    left: Iterator[str] = iter(replies)
    return lambda _: next(left)


def content_of(settings: Settings) -> str:
    return hashlib.sha256((settings.shopdesk_home / "shop.db").read_bytes()).hexdigest()


async def test_right_queries_answer_and_wrong_ones_are_never_the_answer(
    settings: Settings, demo_sessions: Sessions
) -> None:
    questions = questions_of(await figures_of(demo_sessions))[::SAMPLED]
    written = {"sql": ""}
    async with scripted(settings, demo_sessions, lambda _: f"```sql\n{written['sql']}\n```") as client:
        for number, question in enumerate(questions):
            written["sql"] = question.sql
            right = await ask(client, question.text)
            wrongs = wrong_of(question.sql)
            written["sql"] = wrongs[number % len(wrongs)]
            wrong = await ask(client, question.text)

            assert right["status"] == "answered", (question.text, right)
            assert same_rows(right["rows"], question.rows), (question.text, right)
            assert wrong["status"] != "answered" or same_rows(wrong["rows"], question.rows), (question.text, wrong)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_before_anything_runs(attack: str) -> None:
    for dialect in ("sqlite", "postgres"):
        with pytest.raises(NotAllowedError):
            checked(attack, of_shop(dialect))


async def test_a_model_is_told_what_was_wrong_and_may_try_again(settings: Settings, demo_sessions: Sessions) -> None:
    before = content_of(settings)
    asked: list[str] = []
    replies = in_turn(
        "DELETE FROM orders",
        "SELECT count(*) AS n FROM orders",
        "SELECT count(*) AS n FROM orders WHERE status = 'cancelled'",
    )

    def writes(text: str) -> str:
        asked.append(text)
        return replies(text)

    async with scripted(settings, demo_sessions, writes) as client:
        told = await ask(client, "취소된 주문은 몇 건인가요?")

    known = await figures_of(demo_sessions)
    assert (told["status"], told["rows"]) == ("answered", [[known.count("cancelled")]])
    assert told["answer"] == str(known.count("cancelled"))
    assert told["counted"] == "주문 수; 조건: 상태 = “cancelled”"
    assert [one["sql"] for one in told["refused"]] == ["DELETE FROM orders"]
    assert told["sources"] == [{"kind": "table", "table": "orders"}]
    assert "exactly one SELECT" in asked[1]
    assert "leaves it out" in asked[2]
    assert (content_of(settings) == before) is (settings.database_url == "")


async def test_a_figure_that_a_model_writes_beside_its_query_is_nowhere_in_the_answer(
    settings: Settings, demo_sessions: Sessions
) -> None:
    reply = """There are 4711. ```sql\nSELECT count(*) AS "4711" FROM orders WHERE status = 'cancelled' -- 4711\n```"""

    async with scripted(settings, demo_sessions, lambda _: reply) as client:
        told = await ask(client, "How many orders are cancelled?")

    assert told["status"] == "answered"
    assert "4711" not in str([told[name] for name in ("answer", "columns", "rows", "counted", "differs")])


async def test_what_only_attacks_get_is_a_plain_sentence(settings: Settings, demo_sessions: Sessions) -> None:
    async with scripted(settings, demo_sessions, lambda _: "SELECT email FROM customers") as client:
        told = await ask(client, "How many customers are there?")

    assert (told["status"], told["rows"], len(told["refused"])) == ("refused", [], 3)
    assert "No query could be made" in told["answer"]
    assert "email" not in told["answer"]


async def test_a_person_may_write_the_query_and_it_is_checked_too(settings: Settings, demo_sessions: Sessions) -> None:
    def writes(_: str) -> str:
        raise AssertionError("no model is asked")

    async with scripted(settings, demo_sessions, writes) as client:
        own = await ask(
            client, "How many tickets are urgent?", sql="SELECT count(*) FROM tickets WHERE priority = 'urgent'"
        )
        refused = await ask(client, "How many tickets are urgent?", sql="SELECT text FROM ticket_entries")
        other = await ask(client, "How many tickets are urgent?", sql="SELECT count(*) FROM tickets")

    assert (own["status"], own["by"]) == ("answered", "person")
    assert refused["status"] == "refused"
    assert (other["status"], other["differs"]) == (
        "unsure",
        ["The question says “urgent”, and the query leaves it out."],
    )


async def test_a_query_that_would_take_minutes_is_ended(demo_sessions: Sessions) -> None:
    known = of_shop("sqlite")
    query = checked("SELECT count(*) FROM orders a, orders b, orders c, orders d", known)

    with pytest.raises(TooLongError):
        await run(demo_sessions, query, known.reads, seconds=0.2)


async def test_sqlite_itself_refuses_a_column_that_the_check_let_through(demo_sessions: Sessions) -> None:
    known = of_shop("sqlite")
    query = checked("SELECT count(*) FROM orders", known)

    with pytest.raises(FailedError, match="prohibited"):
        await run(demo_sessions, query, {"customers": frozenset({"id"})})


async def test_no_more_rows_come_out_than_an_answer_has(demo_sessions: Sessions) -> None:
    known = of_shop("sqlite")

    result = await run(demo_sessions, checked("SELECT order_id FROM orders LIMIT 1000000", known), known.reads)

    assert (len(result.rows), result.more) == (200, True)


async def test_only_staff_may_ask_and_a_wrong_body_is_told(settings: Settings, demo_sessions: Sessions) -> None:
    async with scripted(settings, demo_sessions, lambda _: "") as client:
        unknown = await client.post("/service", json={"service_type": "fortune", "content": "?"})
        empty = await client.post("/service", json={"service_type": "data_insights", "content": " "})
        odd = await client.post(
            "/service", json={"service_type": "data_insights", "content": "?", "parameters": {"sq": "x"}}
        )
        client.cookies.clear()
        nobody = await client.post("/service", json={"service_type": "data_insights", "content": "How many orders?"})

    assert [one.status_code for one in (unknown, empty, odd, nobody)] == [404, 400, 400, 401]
    assert odd.json()["error"].startswith("parameters.sq:")
    assert "data_insights" in unknown.json()["error"]
