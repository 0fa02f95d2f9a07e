"""Files of reviews are counted in parts, can be interrupted, and become one row of figures for each product."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from storage.db import Sessions, reading
from storage.moving.reviews.load import Counting, load_reviews, read_names
from storage.moving.reviews.reading import ReviewsFileError, read_parts
from storage.reviews.summaries import find_summary, list_ratings
from storage.settings import Settings
from tests.factories import add_product, variant

PRAISE = "The sound is wonderful, and the battery lasts for days. Buy it."
BLAME = "소리가 너무 작고 배송도 늦었어요. 전화 010-1234-5678 me@example.com 주세요."
ROWS: Sequence[dict[str, Any]] = (
    {"parent_asin": "radio", "rating": 5.0, "text": PRAISE, "helpful_vote": 3},
    {"parent_asin": "radio", "rating": 4.0, "text": "Good sound.", "helpful_vote": 9},
    {"parent_asin": "R-1", "rating": 1.0, "text": BLAME, "helpful_vote": 0},
    {"parent_asin": "lamp", "rating": 3.0, "text": None, "helpful_vote": None},
    {"parent_asin": "unknown", "rating": 5.0, "text": "Nice.", "helpful_vote": 1},
    {"parent_asin": "lamp", "rating": 0.0, "text": "No stars.", "helpful_vote": 0},
)


@pytest.fixture
async def shop(sessions: Sessions) -> Sessions:
    await add_product(sessions, id="radio", variants=[variant("R-1")])
    await add_product(sessions, id="lamp")
    return sessions


def written(path: Path) -> Path:
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
    match path.suffix:
        case ".parquet":
            pq.write_table(pa.Table.from_pylist(list(ROWS)), path, row_group_size=2)
        case ".gz":
            path.write_bytes(gzip.compress(lines.encode()))
        case _:
            path.write_text(lines, encoding="utf-8")
    return path


async def counted(settings: Settings, shop: Sessions, *files: Path) -> Counting:
    ids, names = await read_names(shop)
    return Counting(settings.shopdesk_home, files, ids, names)


@pytest.mark.parametrize("name", ["reviews.parquet", "reviews.jsonl", "reviews.jsonl.gz"])
async def test_reviews_become_figures_by_product_whatever_the_file(
    settings: Settings, shop: Sessions, tmp_path: Path, name: str
) -> None:
    totals = (await counted(settings, shop, written(tmp_path / name))).run(lambda *_: None)

    await load_reviews(shop, totals)

    async with reading(shop) as session:
        summary = await find_summary(session, "radio")
        ratings = await list_ratings(session, ["radio", "lamp", "gone"])
    assert (totals.rows, totals.unknown, totals.unrated) == (6, 1, 1)
    assert summary is not None
    assert (summary.reviews, summary.mean, summary.counts) == (3, 3.33, {"1": 1, "2": 0, "3": 0, "4": 1, "5": 1})
    assert summary.aspects == {
        "delivery": {"praised": 0, "criticised": 1},
        "sound": {"praised": 2, "criticised": 1},
        "battery": {"praised": 1, "criticised": 0},
    }
    assert summary.quotes == [PRAISE, "소리가 너무 작고 배송도 늦었어요. 전화 *** *** 주세요."]
    assert {name: rating.reviews for name, rating in ratings.items()} == {"radio": 3, "lamp": 1}


async def test_a_review_names_its_product_in_any_spelling_that_means_only_one(
    settings: Settings, shop: Sessions, tmp_path: Path
) -> None:
    await add_product(shop, id="MUG")
    await add_product(shop, id="mug")
    path = tmp_path / "reviews.jsonl"
    named = (" Radio ", "\uff32-1", "r-1\u200b", "LAMP", "Mug", "MUG")
    path.write_text("\n".join(json.dumps({"sku": each, "stars": 5}) for each in named), encoding="utf-8")

    totals = (await counted(settings, shop, path)).run(lambda *_: None)

    assert dict(zip(totals.ids, totals.counts[:, 4].tolist(), strict=True)) == {
        "radio": 3,
        "lamp": 1,
        "MUG": 1,
        "mug": 0,
    }
    assert totals.unknown == 1


def test_a_line_that_would_fill_the_memory_is_passed_over_and_what_is_around_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "reviews.jsonl.gz"
    row = b'{"sku": "lamp", "stars": 5}\n'
    path.write_bytes(gzip.compress(row + b'{"sku": "' + b"x" * 20_000_000 + b'"}\n' + row * 2))

    parts = list(read_parts(path, 0))

    assert [part.rows.num_rows for part in parts] == [1, 2]
    assert sum(part.unreadable for part in parts) == 1
    assert [part.rows.num_rows for part in read_parts(path, parts[0].next_place)] == [2]


async def test_an_interrupted_count_goes_on_where_it_was_and_counts_nothing_twice(
    settings: Settings, shop: Sessions, tmp_path: Path
) -> None:
    files = [written(tmp_path / "one.parquet"), written(tmp_path / "two.jsonl")]
    whole = (await counted(settings, shop, *files)).run(lambda *_: None)
    (await counted(settings, shop, *files)).forget()

    for stops_at in range(4):
        told: list[tuple[int, int]] = []

        def stop(*place: int, told: list[tuple[int, int]] = told, most: int = stops_at) -> None:
            told.append((place[0], place[1]))
            if len(told) > most % 2:
                raise KeyboardInterrupt

        work = await counted(settings, shop, *files)
        assert work.goes_on == (stops_at > 0)
        with pytest.raises(KeyboardInterrupt):
            work.run(stop)
        if told[-1][0] == 1:
            break
    totals = (await counted(settings, shop, *files)).run(lambda *_: None)

    assert totals.rows == 12
    assert (totals.counts.tolist(), totals.stars.tolist()) == (whole.counts.tolist(), whole.stars.tolist())
    assert (totals.aspects.tolist(), totals.quotes) == (whole.aspects.tolist(), whole.quotes)


async def test_a_damaged_line_is_left_out_and_said(settings: Settings, shop: Sessions, tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    good = json.dumps({"asin": "lamp", "overall": "4", "reviewText": "Fine."})
    file.write_text(f'{good}\n{{"asin": "lamp", "over\n{good}\n[1]\n', encoding="utf-8")

    totals = (await counted(settings, shop, file)).run(lambda *_: None)

    assert (totals.rows, totals.unreadable, totals.counts.sum()) == (4, 2, 2)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("reviews.csv", b"a,b\n", "reviews come as .parquet, .jsonl or .jsonl.gz"),
        ("reviews.parquet", b"no parquet", "this is no parquet file"),
        ("reviews.jsonl", b'{"asin": "lamp"}\n', "no column says the rating"),
    ],
)
def test_a_file_that_holds_no_reviews_is_refused_with_what_is_missing(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(ReviewsFileError, match=problem):
        list(read_parts(file, 0))
