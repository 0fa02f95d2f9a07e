"""A whole shop's postcodes that lost the zero at their start are told."""

from pathlib import Path

import pytest

from storage.db import Sessions
from tests.storage.moving.csv_shop import change, refusal, write_files


@pytest.mark.parametrize(("name", "line"), [("customers", 2), ("orders", 2)])
async def test_a_postcode_that_lost_its_zero_is_told_with_its_line(
    sessions: Sessions, tmp_path: Path, name: str, line: int
) -> None:
    folder = write_files(tmp_path)
    if name == "customers":
        change(folder, name, "address1,city,zip", "address1,country,zip")
        change(folder, name, "서울,06236", "대한민국,6236")
    else:
        change(folder, name, "ordered_at,return_item_ids,return_payment_method_id", "ordered_at,country,zip")
        change(folder, name, "+09:00,,", "+09:00,USA,2134")
        change(folder, name, 'return requested,USD,,"[""K1""]",gift', "delivered,USD,,USA,02134")

    told = await refusal(sessions, folder)

    assert told.startswith(f"{name}.csv line {line}, column zip: ")
    assert "a spreadsheet drops zeros at the start" in told
