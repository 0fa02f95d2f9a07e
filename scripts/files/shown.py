"""What files become as documents, printed for whoever wants to see it before, or after, they are taken in."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from knowledge.reading.bounded import BoundedReader
from knowledge.reading.documents import DocumentRefusedError, Source
from knowledge.reading.reader import Request
from knowledge.taking_in.collect import notes_of
from knowledge.taking_in.files import find_files, roots_of
from knowledge.taking_in.left_out import lines_of
from storage.characters import cleaned


def show_files(paths: Sequence[Path], *, as_faq: bool) -> int:
    """Print what each file becomes and what is left out of it, and return the exit code that taking it in would have.

    Args:
        paths: files and folders.
        as_faq: the files are saved FAQ pages.
    """
    failed = False
    with BoundedReader() as reader:
        for found in find_files(roots_of(paths)):
            told = found.why_not or _read(reader, Request(found.path, found.place, as_faq))
            failed |= isinstance(told, str) or any(one.lost for one in told.left)
            lines = [f"refused: {told}"] if isinstance(told, str) else _lines(told)
            typer.echo(cleaned("\n".join([f"== {found.name}", *lines, ""])))
    return int(failed)


def _read(reader: BoundedReader, request: Request) -> Source | str:
    try:
        return reader.read(request)
    except DocumentRefusedError as error:
        return str(error)


def _lines(source: Source) -> Iterator[str]:
    heading = source.heading
    holds = f", from {heading.effective_date}" if heading.effective_date else ""
    until = f", until {heading.expires}" if heading.expires else ""
    yield f"{source.key}: {heading.title}{holds}{until}; {len(source.pieces)} passages"
    section = ""
    for piece in source.pieces:
        if piece.section != section:
            section = piece.section
            yield f"\n## {section}"
        yield f"\n{piece.text}"
    yield ""
    yield from (f"left out: {line}" for line in lines_of(source.left, whole=True))
    yield from (f"note: {note}" for note in notes_of(source, datetime.now(UTC).date()))
