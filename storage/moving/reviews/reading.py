"""Reads files of reviews in parts of bounded size: parquet, and JSON Lines as they are or compressed (.gz)."""

import gzip
import io
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from storage.settings import CannotStartError

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS: Mapping[str, Sequence[str]] = tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))
REQUIRED = ("product", "rating")
ROWS_AT_ONCE = 32_768
BYTES_AT_ONCE = 8 << 20
LONGEST_LINE = 4 << 20
USUALLY_PACKED = 3
"""How many times smaller a compressed file of texts is; only the progress depends on it."""
JSON_LINES = {".jsonl", ".ndjson", ".json"}


class ReviewsFileError(CannotStartError):
    """The file cannot be read as reviews."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}.")


class Part(NamedTuple):
    """Some rows under our names of their columns, where those after them begin, and how many lines were unreadable."""

    rows: "pa.Table"
    next_place: int
    unreadable: int


def require_pyarrow() -> None:
    """Check that what reads the files is installed.

    Raises:
        CannotStartError: it is not.
    """
    try:
        import pyarrow  # noqa: F401 - only whether it is there
    except ModuleNotFoundError as error:
        raise CannotStartError(
            "Reviews are read with pyarrow, which is not installed. Run `pip install 'shopdesk[data]'`."
        ) from error


def read_parts(path: Path, place: int) -> Iterator[Part]:
    """Yield the rows of a file from a place on, which an earlier part told.

    Raises:
        ReviewsFileError: it is missing, of another format, or lacks a column.
    """
    kind = [suffix.lower() for suffix in path.suffixes]
    try:
        if kind[-1:] == [".parquet"]:
            yield from _parquet(path, place)
        elif kind[-1:] == [".gz"] and kind[-2:-1] and kind[-2] in JSON_LINES:
            with gzip.open(path) as file:
                yield from _json_lines(path, file, place)
        elif kind and kind[-1] in JSON_LINES:
            with path.open("rb") as file:
                yield from _json_lines(path, file, place)
        else:
            raise ReviewsFileError(path, "reviews come as .parquet, .jsonl or .jsonl.gz")
    except OSError as error:
        raise ReviewsFileError(path, f"it cannot be read: {error.strerror or error}") from error


def size_of(path: Path) -> int:
    """Return how far the places in a file go: rows of a parquet file, bytes of another, of a compressed one about.

    Raises:
        ReviewsFileError: it cannot be read.
    """
    try:
        if path.suffix.lower() == ".parquet":
            return int(_open_parquet(path).metadata.num_rows)
        return path.stat().st_size * (USUALLY_PACKED if path.suffix.lower() == ".gz" else 1)
    except OSError as error:
        raise ReviewsFileError(path, f"it cannot be read: {error.strerror or error}") from error


def _open_parquet(path: Path) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Column chunks are streamed: a row group may be larger than the memory.
        return pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False)
    except pa.ArrowInvalid as error:
        raise ReviewsFileError(path, f"this is no parquet file: {error}") from error


def _parquet(path: Path, place: int) -> Iterator[Part]:
    import pyarrow as pa

    file = _open_parquet(path)
    chosen = _columns(path, file.schema_arrow.names)
    before = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if before + rows <= place:
            before += rows
            continue
        for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=[group], columns=list(chosen.values())):
            start, before = before, before + batch.num_rows
            if before > place:
                left = pa.Table.from_batches([batch.slice(max(0, place - start))])
                yield Part(left.select(list(chosen.values())).rename_columns(list(chosen)), before, 0)


def _json_lines(path: Path, file: IO[bytes] | gzip.GzipFile, place: int) -> Iterator[Part]:
    file.seek(place)
    chosen: dict[str, str] = {}
    for block, length, too_long in _blocks(file):
        place += length
        rows, unreadable = _parsed(block)
        unreadable += too_long
        if not chosen and rows.num_rows:
            chosen = _columns(path, rows.column_names)
        has = {ours: theirs for ours, theirs in chosen.items() if theirs in rows.column_names}
        if set(REQUIRED) <= set(has):
            yield Part(rows.select(list(has.values())).rename_columns(list(has)), place, unreadable)
        else:
            yield Part(rows.slice(0, 0), place, unreadable + rows.num_rows)


def _blocks(file: IO[bytes] | gzip.GzipFile) -> Iterator[tuple[bytes, int, int]]:
    """Yield whole lines of a file: their text, how many bytes were read, and how many were passed over as too long.

    A compressed file of a few bytes may be one line that fills the memory.
    """
    while block := file.read(BYTES_AT_ONCE):
        rest = file.readline(LONGEST_LINE)
        length = len(block) + len(rest)
        if len(rest) < LONGEST_LINE or rest.endswith(b"\n"):
            yield block + rest, length, 0
            continue
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
            length += len(rest)
        yield block[: block.rfind(b"\n") + 1], length, 1


def _parsed(block: bytes) -> tuple["pa.Table", int]:
    """Return the rows of some lines; where one of them is damaged, each is read alone, and the damaged are counted."""
    import pyarrow as pa
    import pyarrow.json as pj

    try:
        return pj.read_json(io.BytesIO(block), pj.ReadOptions(use_threads=False, block_size=len(block) + 1)), 0
    except pa.ArrowInvalid:
        wanted = {name for names in COLUMNS.values() for name in names}
        rows, unreadable = [], 0
        for line in block.splitlines():
            if not line.strip():
                continue
            try:
                value = json.loads(line)
                rows.append(
                    {name: str(each) for name, each in value.items() if name.lower() in wanted and each is not None}
                )
            except (ValueError, AttributeError, RecursionError):
                unreadable += 1
        names = sorted({name for row in rows for name in row})
        return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}), unreadable


def _columns(path: Path, names: Sequence[str]) -> dict[str, str]:
    """Return which of a file's columns is which of ours."""
    known = {name.lower(): name for name in names}
    chosen = {ours: known[each] for ours, theirs in COLUMNS.items() for each in theirs[::-1] if each in known}
    for field in REQUIRED:
        if field not in chosen:
            listed = ", ".join(COLUMNS[field])
            raise ReviewsFileError(
                path, f"no column says the {field}; it is called one of {listed}. There are {', '.join(names)[:200]}"
            )
    return chosen
