"""Reading untrusted files in a separate process, with limited memory and time and nothing to write to.

A file that hangs, fills or crashes that process is rejected; the next file gets a new one. They exchange JSON lines.
"""

import json
import os
import resource
import selectors
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from knowledge.reading.documents import DocumentRefusedError, Source
from knowledge.reading.reader import Request, read_source

SECONDS = 60
"""Time limit per document; a PDF of a thousand pages takes less, even on a busy machine."""
MEMORY = 1_000_000_000
"""Limit on address space, in bytes; the memory actually used is far less."""
_CHUNK = 1 << 20


class BoundedReader:
    """Reads documents in another process, started for the first document and stopped on exit."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "BoundedReader":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._end()

    def read(self, request: Request) -> Source:
        """Read a document.

        Raises:
            DocumentRefusedError: it cannot be read, or not within the limits.
        """
        process = self._process or _start()
        self._process = process
        line = json.dumps([str(request.path), request.place, request.as_faq])
        answer = self._answer(process, f"{line}\n".encode())
        if not answer:
            self._end()
            raise DocumentRefusedError("reading it crashed the reader: it is broken, or needs too much memory")
        kind, _, rest = answer.partition(b" ")
        if kind == b"refused":
            raise DocumentRefusedError(json.loads(rest))
        return Source.model_validate_json(rest)

    def _answer(self, process: subprocess.Popen[bytes], line: bytes) -> bytes:
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except BrokenPipeError:
            return b""
        parts = list[bytes]()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not parts or not parts[-1].endswith(b"\n"):
                if not selector.select(self._seconds):
                    self._end()
                    raise DocumentRefusedError(f"reading it takes longer than {self._seconds:g} seconds")
                part = os.read(process.stdout.fileno(), _CHUNK)
                if not part:
                    return b""
                parts.append(part)
        return b"".join(parts)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _start() -> subprocess.Popen[bytes]:
    # It gets no secrets: neither the shop's key nor the address of its database.
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "knowledge.reading.bounded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=Path(__file__).resolve().parents[2],
        start_new_session=True,
    )


@contextmanager
def _answers() -> Iterator[int]:
    # A library's output must not get mixed up with the answers.
    out = os.dup(1)
    os.dup2(2, 1)
    yield out
    os.close(out)


def main() -> None:
    """Read the documents requested on standard input until it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with _answers() as out, os.fdopen(out, "wb", closefd=False) as answers:
        for line in sys.stdin.buffer:
            path, place, as_faq = json.loads(line)
            answers.write(_answer_to(Request(Path(path), place, as_faq)))
            answers.flush()


def _answer_to(request: Request) -> bytes:
    try:
        return b"read " + read_source(request).model_dump_json().encode() + b"\n"
    except DocumentRefusedError as error:
        return b"refused " + json.dumps(str(error)).encode() + b"\n"
    except MemoryError:
        return b"refused " + json.dumps("it needs too much memory to be read").encode() + b"\n"


if __name__ == "__main__":
    main()
