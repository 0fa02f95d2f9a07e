"""What a server of vLLM is doing, as its log tells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LINES = re.compile(r"[\r\n]+")
FETCHED = re.compile(r"(?:Fetching \d{1,5} files|\.safetensors|Downloading)[^%\n]{0,80}?(\d{1,3})%")
LOADED = re.compile(r"Loading \w+ checkpoint shards: +(\d{1,3})% Completed")
CACHE = re.compile(r"KV cache size: ([\d,]+) tokens")
PREFIX = re.compile(r"^\(\w+ pid=\d+\) ?")
FAILURES = ("Error: ", "Exception: ", "error: ")
NO_CAUSE = "Engine core initialization failed"
"""How the outer process ends whatever the inner one died of."""
WORDS = {
    "Starting to load model": "loading weights",
    "Model loading took": "warming up",
    "Capturing CUDA graphs": "warming up: CUDA graphs",
    "Starting vLLM server": "opening its port",
}
MOST_READ = 200_000
"""Bytes of a log's end in which the reason of a death is looked for."""


@dataclass
class Reading:
    """A log that is read as it grows."""

    log: Path
    at: int = 0
    stage: str = "starting"
    cache_tokens: int | None = None
    rest: str = field(default="", repr=False)

    def look(self) -> str:
        """Read what was added, and return the stage the server is in."""
        for line in self._added():
            self._hear(line)
        return self.stage

    def _added(self) -> Iterator[str]:
        size = self.log.stat().st_size
        # It was rotated: what is in it now is new.
        self.at = 0 if size < self.at else self.at
        with self.log.open("rb") as reading:
            reading.seek(self.at)
            text = self.rest + reading.read().decode(errors="replace")
        self.at = size
        *lines, self.rest = LINES.split(text)
        yield from lines

    def _hear(self, line: str) -> None:
        if found := CACHE.search(line):
            self.cache_tokens = int(found[1].replace(",", ""))
        if found := LOADED.search(line):
            self.stage = f"loading weights: {found[1]}%"
        elif found := FETCHED.search(line):
            self.stage = f"downloading: {found[1]}%"
        for word, stage in WORDS.items():
            if word in line:
                self.stage = stage


def reason(log: Path) -> str:
    """Return what a server that ended died of: the last error in its log that has a cause, or its last line."""
    with log.open("rb") as reading:
        reading.seek(max(0, log.stat().st_size - MOST_READ))
        lines = [PREFIX.sub("", line).strip() for line in LINES.split(reading.read().decode(errors="replace"))]
    errors = [_error(line) for line in lines if NO_CAUSE not in line and any(word in line for word in FAILURES)]
    said = [line for line in lines if line]
    return errors[-1] if errors else said[-1] if said else "it logged nothing"


def _error(line: str) -> str:
    """Return a line of a log from the name of its error on."""
    at = min(line.index(word) for word in FAILURES if word in line)
    return line[line.rfind(" ", 0, at) + 1 :]
