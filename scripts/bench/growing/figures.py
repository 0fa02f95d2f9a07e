"""The measurements of a handbook of one size, in our shop or in plain Chroma or BM25."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import ClassVar

from scripts.bench.load import Times

MS, MB, KIB = 1_000, 1_000_000, 1_024


@dataclass(frozen=True)
class Figures:
    """One row: wall-clock and CPU seconds, and bytes.

    `meanwhile` are the searches made during the ingest; `load` is the machine's load when the row was finished.
    """

    HEADINGS: ClassVar = (
        "what", "ingest s", "passages/s", "CPU s", "its memory", "disk", "first ms", "p50 ms", "p99 ms",
        "CPU ms", "its memory", "meanwhile p50", "p99",
    )  # fmt: skip
    what: str
    passages: int
    ingest: float
    ingest_cpu: float
    ingest_memory: int
    disk: int
    first: float
    p50: float
    p99: float
    search_cpu: float
    search_memory: int
    meanwhile: Sequence[float] = ()
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    @staticmethod
    def from_json(text: bytes) -> "Figures":
        """Parse a row that another process printed."""
        return Figures(**json.loads(text))

    def to_json(self) -> str:
        """Return the row as JSON, for another process to parse."""
        return json.dumps(asdict(self))

    def cells(self) -> list[str]:
        """Return the row as it is shown."""
        searching = (self.first, self.p50, self.p99, self.search_cpu)
        return [
            self.what,
            f"{self.ingest:.1f}",
            f"{self.passages / self.ingest:,.0f}",
            f"{self.ingest_cpu:.1f}",
            f"{self.ingest_memory / MB:,.0f} MB",
            f"{self.disk / MB:,.0f} MB",
            *(f"{seconds * MS:.2f}" for seconds in searching),
            f"{self.search_memory / MB:,.0f} MB",
            *([f"{seconds * MS:.1f}" for seconds in self.meanwhile] or ["", ""]),
        ]

    def held_against(self, other: "Figures") -> str:
        """Return the ratios of these figures to the other's."""
        return (
            f"{self.ingest / other.ingest:.2f} x the ingest of {other.what}, "
            f"{self.ingest_cpu / other.ingest_cpu:.2f} x its CPU; {self.p50 / other.p50:.2f} x its p50, "
            f"{self.p99 / other.p99:.2f} x its p99, {self.search_cpu / other.search_cpu:.2f} x the CPU of a search; "
            f"{self.disk / other.disk:.2f} x its disk"
        )


def percentiles(times: Times) -> tuple[float, float]:
    """Return p50 and p99."""
    return times.percentile(0.5), times.percentile(0.99)


def size_of(folder: Path) -> int:
    """Return the total size in bytes of the files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
