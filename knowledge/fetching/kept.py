"""Pages kept from a site: a file for each, and what the site said of it, to ask later only for what changed."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import webencodings

from knowledge.fetching.visits import Fetched, NotFetchedError
from knowledge.reading.documents import slug
from storage.private import make_folder
from storage.words.languages import LANGUAGES

FOLDER = "pages"
LIST = ".pages.json"
KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
}


@dataclass(frozen=True)
class Kept:
    """A kept page: its file's name, and the marks by which its site tells whether it changed."""

    file: str
    sha256: str
    etag: str = ""
    modified: str = ""


class Pages:
    """The kept pages of one site."""

    def __init__(self, home: Path, site: str) -> None:
        self.folder = home / FOLDER / (re.sub(r"[^\w.-]+", "_", site) or "site")
        self._list = self.folder / LIST
        self._kept: dict[str, Kept] = {}
        if self._list.exists():
            self._kept = {url: Kept(**told) for url, told in json.loads(self._list.read_text("utf-8")).items()}

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._kept))

    def marks(self, url: str) -> dict[str, str]:
        """Return by which marks the site knows the version that is kept; none where its file is gone."""
        kept = self._kept.get(url)
        if kept is None or not (self.folder / kept.file).exists():
            return {}
        return {"etag": kept.etag, "modified": kept.modified}

    def content(self, url: str) -> bytes:
        """Return a kept page."""
        return (self.folder / self._kept[url].file).read_bytes()

    def keep(self, url: str, fetched: Fetched) -> str:
        """Keep a page, and return what became of it: `new`, `changed` or `same`.

        Raises:
            NotFetchedError: it is of a kind that cannot be taken in.
        """
        if fetched.kind not in KINDS:
            raise NotFetchedError(f"it is {fetched.kind or 'of no kind that is told'}, and no page")
        content = _in_utf8(fetched)
        digest, before = hashlib.sha256(content).hexdigest(), self._kept.get(url)
        file = before.file if before is not None else self._name(url, KINDS[fetched.kind])
        path = self.folder / file
        same = before is not None and before.sha256 == digest and path.exists()
        if not same:
            make_folder(path.parent)
            _write(path, content)
        self._kept[url] = Kept(file, digest, fetched.etag, fetched.modified)
        self._write_list()
        return "same" if same else "new" if before is None else "changed"

    def forget(self, url: str) -> None:
        """Remove a page that its site no longer has."""
        (self.folder / self._kept.pop(url).file).unlink(missing_ok=True)
        self._write_list()

    def _name(self, url: str, suffix: str) -> str:
        parts = urlsplit(url)
        steps = [step for step in re.sub(r"\.\w{2,5}$", "", parts.path).split("/") if step]
        spoken = next((step.lower() for step in steps if step.lower() in LANGUAGES), "")
        name = slug("-".join(step for step in steps if step.lower() not in LANGUAGES) or "index-page")
        made = f"{spoken}/{name}{suffix}" if spoken else f"{name}{suffix}"
        if parts.query or any(kept.file == made for kept in self._kept.values()):
            made = made.removesuffix(suffix) + f"-{hashlib.sha256(url.encode()).hexdigest()[:6]}{suffix}"
        return made

    def _write_list(self) -> None:
        told = {url: asdict(kept) for url, kept in sorted(self._kept.items())}
        make_folder(self.folder)
        _write(self._list, json.dumps(told, ensure_ascii=False, indent=1).encode())


def _in_utf8(fetched: Fetched) -> bytes:
    """Return a page in UTF-8 with its mark where the site says its charset: the file itself may not."""
    content = fetched.content or b""
    known = webencodings.lookup(fetched.charset) if fetched.charset else None
    if known is None or known.name == "utf-8" or not fetched.kind.startswith("text/"):
        return content
    return content.decode(known.codec_info.name, "replace").encode("utf-8-sig")


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
