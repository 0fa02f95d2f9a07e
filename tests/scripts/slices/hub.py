"""A hub on this machine: enough of Hugging Face's HTTP API for its own client to fetch and check a model."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

COMMIT = "1234567890" * 4


@dataclass
class Hub:
    """A hub with one model, the files of a folder.

    Attributes:
        cut: how many bytes of weights are sent before the connection breaks, the first time.
        ranges: from which byte on weights were asked for.
    """

    model: str
    folder: Path
    cut: int | None = None
    ranges: list[int] = field(default_factory=list)


class Answers(BaseHTTPRequestHandler):
    """Answers as the hub does. Its server has the `hub`."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    @property
    def hub(self) -> Hub:
        assert isinstance(self.server, HubServer)
        return self.server.hub

    def _answer(self) -> None:
        path, hub = self.path.partition("?")[0], self.hub
        if path.startswith(f"/api/models/{hub.model}/tree/"):
            self._send(200, json.dumps(_tree(hub.folder)).encode())
        elif path.startswith(f"/api/models/{hub.model}"):
            files = [{"rfilename": file.name} for file in hub.folder.iterdir()]
            self._send(200, json.dumps({"id": hub.model, "sha": COMMIT, "siblings": files}).encode())
        elif "/resolve/" in path and (file := hub.folder / path.rpartition("/")[2]).exists():
            self._send_file(file)
        else:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str] = {}) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def _send_file(self, file: Path) -> None:
        whole, wanted = file.read_bytes(), self.headers.get("Range", "bytes=0-")
        begin = int(wanted.removeprefix("bytes=").partition("-")[0])
        headers = {"ETag": f'"{_sha256(whole)}"', "X-Repo-Commit": COMMIT, "X-Linked-Size": str(len(whole))}
        headers |= {
            "Content-Range": f"bytes {begin}-{len(whole) - 1}/{len(whole)}",
            "Content-Length": str(len(whole) - begin),
        }
        sent = whole[begin:]
        if self.command == "GET" and file.suffix == ".safetensors":
            self.hub.ranges.append(begin)
            sent, self.hub.cut = sent[: self.hub.cut], None
            self.close_connection = len(sent) < len(whole) - begin
        self._send(206 if begin else 200, sent, headers)


class HubServer(ThreadingHTTPServer):
    """The server of a hub."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.hub = hub


@contextmanager
def serving_hub(hub: Hub) -> Iterator[str]:
    """Serve a hub until the end of the context; yield its address."""
    with HubServer(hub) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _tree(folder: Path) -> list[dict[str, object]]:
    return [
        {
            "type": "file",
            "path": file.name,
            "size": file.stat().st_size,
            "oid": _sha256(file.read_bytes())[:40],
            "lfs": {"oid": _sha256(file.read_bytes()), "size": file.stat().st_size, "pointerSize": 130},
        }
        for file in sorted(folder.iterdir())
    ]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
