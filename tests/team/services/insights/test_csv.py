"""Questions on a CSV: its rows are counted in a database of their own, and nothing of it is left out unsaid."""

import asyncio
import time

import pytest

from storage.db import Sessions
from storage.settings import Settings
from team.services.insights.checking import NotAllowedError, checked
from team.services.insights.running import FailedError, TooLongError
from team.services.insights.sheet import SheetError, open_sheet
from tests.team.services.insights.test_insights import ask, content_of, in_turn
from tests.team.services.scripted import scripted

SALES = "국가,order no,amount,day\r\nKR,007,1200,2026-01-03\r\nUS,8,5.5,2026-02-03\r\nKR,9,300,2026-02-04\r\n"
SLOW = "SELECT count(*) AS n FROM csv_rows a, csv_rows b, csv_rows c, csv_rows d WHERE a.x + b.x * c.x > d.x"
BAD = {
    "": "must name its columns",
    "a,\n1,2": "must name its columns",
    "a,A\n1,2": "two columns a",
    "a,b\n1,2\n3\n": "Line 3 of the CSV has 1 values",
    "a,b\n1,2,3\n": "Line 2 of the CSV has 3 values",
    'a,b\n"x,1\n': "Line 2 of the CSV cannot be read",
}


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How much revenue for each country?", "국가, sum of amount; for each 국가; the smallest 국가 first"),
        ("국가별 매출은 얼마인가요?", "국가, amount 합계; 국가별"),
    ],
)
async def test_a_question_is_answered_from_the_rows_alone(
    settings: Settings, demo_sessions: Sessions, question: str, counted: str
) -> None:
    before, sql = content_of(settings), 'SELECT "국가", sum(amount) AS total FROM csv_rows GROUP BY "국가" ORDER BY 1'
    async with scripted(settings, demo_sessions, in_turn("SELECT * FROM orders", sql)) as client:
        told = await ask(client, question, csv=SALES)

    assert (told["columns"], told["rows"]) == (["국가", "total"], [["KR", 1500], ["US", 5.5]])
    assert told["status"] == "unsure"
    assert told["counted"].startswith(counted)
    assert told["chart"].startswith("<svg")
    assert "There is no table orders" in told["refused"][0]["why"]
    assert (content_of(settings) == before) is (settings.database_url == "")


def test_text_stays_as_it_was_written() -> None:
    with open_sheet(SALES) as sheet:
        query = checked('SELECT "order no", day, amount FROM csv_rows', sheet.tables)

        assert sheet.run(query).rows[0] == ["007", "2026-01-03", 1200]


@pytest.mark.parametrize("bad", BAD)
def test_what_cannot_be_read_whole_is_refused_by_its_line(bad: str) -> None:
    with pytest.raises(SheetError, match=BAD[bad]), open_sheet(bad):
        pass


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "COPY csv_rows TO '/tmp/out.csv'",
        "SELECT * FROM duckdb_settings()",
        "ATTACH 'shop.db'",
        "SELECT getenv('HOME') FROM csv_rows",
        "INSTALL httpfs",
        "SELECT * FROM csv_rows; DROP TABLE csv_rows",
    ],
)
def test_a_query_reaches_nothing_but_the_rows(attack: str) -> None:
    with open_sheet(SALES) as sheet, pytest.raises(NotAllowedError):
        checked(attack, sheet.tables)


def test_duckdb_itself_has_nothing_else_open() -> None:
    with open_sheet(SALES) as sheet:
        query = checked("SELECT count(*) AS n FROM csv_rows", sheet.tables)
        for sql in ("SELECT * FROM read_text('/etc/passwd')", "SET memory_limit = '8GB'", "INSTALL httpfs"):
            object.__setattr__(query, "sql", sql)
            with pytest.raises(FailedError):
                sheet.run(query)


async def test_a_query_that_takes_too_long_is_ended() -> None:
    with open_sheet("x\n" + "\n".join(map(str, range(2_000)))) as sheet:
        query, started = checked(SLOW, sheet.tables), time.monotonic()

        with pytest.raises(TooLongError):
            await asyncio.to_thread(sheet.run, query, 0.3)
        assert time.monotonic() - started < 30
