"""Rows of a parquet file as texts, as the same table would have them as CSV."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storage.moving.catalogues.files import LARGEST, ProductsFileError
from storage.settings import CannotStartError

ROWS_AT_ONCE = 4_096
MOST_EXACT = 2**53
"""Above it a whole number in a floating column may have been rounded."""


def read_parquet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row with its number, from one.

    Raises:
        ProductsFileError: it is missing, no parquet file, or larger than a file of texts may be once it is unpacked.
        CannotStartError: what reads it is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        told = "Parquet is read with pyarrow, which is not installed. Run `pip install 'shopdesk[data]'`."
        raise CannotStartError(told) from error
    try:
        file, number, size = pq.ParquetFile(path, pre_buffer=False), 0, 0
        for batch in file.iter_batches(ROWS_AT_ONCE):
            size += batch.nbytes
            if size > LARGEST:
                raise ProductsFileError(
                    path, f"it has more than {LARGEST >> 20} MB of texts, the most that is taken at once"
                )
            for row in batch.to_pylist():
                number += 1
                yield number, {name: _plain(path, value, number) for name, value in row.items()}
    except OSError as error:
        raise ProductsFileError(path, f"it cannot be read: {error.strerror or error}") from error
    except pa.ArrowException as error:
        raise ProductsFileError(path, f"this is no parquet file: {error}") from error


def _plain(path: Path, value: object, number: int) -> object:
    """Return a value as JSON has it: numbers as texts, lists and structs with such values."""
    match value:
        case None | bool() | str():
            plain: object = value
        case bytes():
            raise ProductsFileError(path, "a cell holds bytes, and no text", number)
        case dict():
            plain = {name: _plain(path, each, number) for name, each in value.items() if each is not None}
        case list():
            plain = [_plain(path, each, number) for each in value]
            if value and all(isinstance(each, tuple) for each in value):
                # A column of maps comes as pairs.
                plain = {str(name): _plain(path, each, number) for name, each in value}
        case float():
            plain = _number(value)
        case _:
            plain = str(value)
    return plain


def _number(value: float) -> str | None:
    """Return a number as people write it; programs keep whole ones, such as ids, beside gaps in a floating column."""
    if math.isnan(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) < MOST_EXACT else repr(value)
