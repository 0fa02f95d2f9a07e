"""Requests made from the document's schemas, as staff."""

from pathlib import Path

import pytest

from tests.ui.rest.fuzzed import check_every_answer
from tests.ui.rest.served_shop import ServedShop


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_no_request_fails_and_every_answer_is_as_described(shop: ServedShop, tmp_path: Path) -> None:
    await check_every_answer(shop, tmp_path, staff=True)
