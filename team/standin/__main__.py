"""Run the stand-in: `python -m team.standin`."""

import argparse
import asyncio
import sys

from team.standin import mind
from team.standin.hostility.hostile import Hostile
from team.standin.obedience import obedient
from team.standin.server import Mind, PortTakenError, serve

MODELS = ["Qwen/Qwen3-VL-8B-Instruct", "Qwen/Qwen2.5-VL-7B-Instruct"]
MINDS: dict[str, Mind] = {"usual": mind.answer, "obedient": obedient.answer, "hostile": Hostile()}


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m team.standin",
        description="Answer as two vision-language models would, without a GPU: an OpenAI-compatible API on each port.",
    )
    parser.add_argument("--ports", type=int, nargs=2, default=[8081, 8082], metavar=("PORT1", "PORT2"))
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--delay", type=float, default=15, metavar="MS", help="milliseconds a word (default: %(default)s)"
    )
    parser.add_argument(
        "--mind",
        choices=MINDS,
        default="usual",
        help="to see what a shop withstands: obedient does whatever any text tells it to, hostile misbehaves "
        "as models do (default: %(default)s)",
    )
    return parser.parse_args()


def main() -> int:
    """Serve until interrupted; a port that is taken ends it with a one-line error and exit code 1."""
    options = parse()
    try:
        models = list(zip(options.ports, MODELS, strict=True))
        asyncio.run(serve(models, options.host, options.delay, MINDS[options.mind]))
    except PortTakenError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
