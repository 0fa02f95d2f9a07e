"""Acts as `vllm serve`: writes a log like it, starts a process of its own, and answers on /health.

If the folder of the model has a file `broken`, it dies of what is written there, before it answers.
"""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Health(BaseHTTPRequestHandler):
    """Answers as a healthy server does."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main(folder: Path, port: int) -> None:
    """Serve until it is ended."""
    worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with (folder / "pids").open("a") as pids:
        pids.write(f"{worker.pid}\n")
    sys.stdout.write("(EngineCore pid=7) INFO Starting to load model\n")
    sys.stdout.write("Loading safetensors checkpoint shards:  50% Completed | 1/2\r")
    sys.stdout.flush()
    if (broken := folder / "broken").exists():
        sys.stdout.write(f"\n(EngineCore pid=7) {broken.read_text()}\n")
        sys.stdout.write("(APIServer pid=6) RuntimeError: Engine core initialization failed. See above.\n")
        sys.exit(1)
    server = HTTPServer(("127.0.0.1", port), Health)
    sys.stdout.write("\n(EngineCore pid=7) INFO GPU KV cache size: 1,024 tokens, Maximum concurrency for 64 tokens\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[2]), int(sys.argv[sys.argv.index("--port") + 1]))
