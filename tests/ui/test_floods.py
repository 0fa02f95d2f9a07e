"""Broken and slow requests to the page, and what its log and its other visitors see of them."""

import asyncio
from collections import Counter
from pathlib import Path

import anyio
import httpx2

from storage.db import Sessions
from storage.people.accounts import Account
from storage.settings import Settings
from tests.raw_http import break_off, drip, head_of
from tests.team.page_process import page_process
from tests.ui.visitor import add_customer_account
from ui.logins.login import COOKIE, login_token

JSON = {"Content-Type": "application/json"}


def cookie(account: Account, settings: Settings) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={login_token(account, settings.secret)}", "Content-Type": "image/png"}


async def test_bodies_that_break_off_and_garbage_write_next_to_nothing_to_the_log(
    settings: Settings, sessions: Sessions, tmp_path: Path
) -> None:
    file = tmp_path / "page.log"
    async with (
        page_process({"UI_PORT": "0"}, log=file) as (url, _),
        httpx2.AsyncClient(base_url=url) as client,
    ):
        await asyncio.gather(*(break_off(url, "/auth/login", JSON) for _ in range(100)))
        garbage = await asyncio.gather(*(drip(url, b"\x00\xff\r\n\r\n") for _ in range(100)))
        origins = [await client.post("/auth/login", headers={"Origin": "http://["}) for _ in range(3)]
        metrics = (await client.get("/metrics")).text
        log = await anyio.Path(file).read_bytes()

    assert {one.status for one in garbage} <= {400, 0}  # 0 where the answer came too late to be read
    assert [answer.status_code for answer in origins] == [403] * 3
    assert 'shopdesk_limited_total{limit="broken_body"} 100.0' in metrics
    assert b"Traceback" not in log
    assert len(log.splitlines()) <= 30
    assert max(map(len, log.splitlines()), default=0) < 300


async def test_slow_bodies_end_in_time_in_words_the_page_can_translate(settings: Settings, sessions: Sessions) -> None:
    account = await add_customer_account(sessions)
    slow = head_of("POST", "/api/images", cookie(account, settings), 1_000_000) + b"\x89PNG"
    async with page_process({"UI_PORT": "0", "REQUEST_WAIT_S": "2", "MESSAGES_PER_MINUTE": "0"}) as (url, _):
        ended = await asyncio.gather(*(drip(url, slow) for _ in range(100)))

    # Bytes that come after the connection was closed reset it, now and then before its answer was read (RFC 9112, 9.6).
    answered = [one for one in ended if one.status]
    counted = Counter(one.status for one in answered)
    assert counted[408] == 20
    assert counted[429] == len(answered) - 20 >= 75
    assert max(one.after_s for one in ended) < 6
    bodies = {one.told.partition("\r\n\r\n")[2] for one in answered}
    late = "The request took too long to arrive. Nothing was done. Try again in 5 seconds."
    many = "Too many requests from this address are still arriving. Nothing was done. Try again in 5 seconds."
    assert bodies == {
        f'{{"error":"{late}","code":"slow_body","wait_s":5}}',
        f'{{"error":"{many}","code":"too_many_slow_bodies","wait_s":5}}',
    }
