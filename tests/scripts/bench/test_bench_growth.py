"""The bench of a growing handbook runs, and holds the shop against plain Chroma and plain BM25."""

import subprocess
import sys

import pytest

from storage.settings import REPOSITORY


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_bench_measures_a_small_handbook_and_its_rivals() -> None:
    bench = REPOSITORY / "scripts" / "bench" / "growth"

    done = subprocess.run(
        [sys.executable, bench, "--passages", "160"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )

    rows = [line.split("│")[1:4] for line in done.stdout.splitlines() if line.startswith("│")]
    assert [(size.strip(), what.strip()) for size, what, _ in rows] == [
        ("160", "shopdesk"), ("160", "plain BM25"), ("160", "plain Chroma"),
    ]  # fmt: skip
    assert "160: " in done.stdout
    assert "x the ingest of plain Chroma" in done.stdout
    assert "x the ingest of plain BM25" in done.stdout
