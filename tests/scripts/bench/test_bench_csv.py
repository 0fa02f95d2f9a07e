"""The bench of CSV files runs, and shows that memory does not grow with the shop."""

import re
import subprocess
import sys

import pytest

from storage.settings import REPOSITORY

A_LITTLE_MIB = 15


def most_memory(orders: int) -> dict[str, int]:
    """Run the bench with this many orders, and return the most MiB that the import and the export took."""
    bench = REPOSITORY / "scripts" / "bench" / "csv"
    done = subprocess.run(
        [sys.executable, bench, "--orders", str(orders)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert "files that differ: none" in done.stdout
    return {name: int(mib) for name, mib in re.findall(r"^(\w+): .* at most (\d+) MiB$", done.stdout, re.MULTILINE)}


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_memory_does_not_grow_with_the_shop() -> None:
    small, large = most_memory(2_000), most_memory(40_000)

    assert large["import"] - small["import"] < A_LITTLE_MIB
    assert large["export"] - small["export"] < A_LITTLE_MIB
