"""Start a model server if the card can hold it; otherwise say why in one sentence, and end without an error.

It runs in vLLM's own image, so it uses the standard library alone. A server that fails ends with its own exit code, and
is started again; one that cannot run here ends with 0, and is not.
"""

import argparse
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

OLDEST = 7.5
"""The compute capability from which on vLLM 0.32 and its AWQ kernels run (docs/gpu.md)."""

BFLOAT16 = 8.0
ASKED_EVERY_S = 2.0
QUERY = ("nvidia-smi", "--query-gpu=name,memory.total,compute_cap", "--format=csv,noheader,nounits")
MIB_A_GIB = 1024


class CannotRunError(Exception):
    """The model cannot run here; the message says why, and what can be done."""


@dataclass(frozen=True)
class Card:
    """The card, or the part of one, that this container sees."""

    name: str
    gib: float
    capability: float


@dataclass(frozen=True)
class Wanted:
    """What is started: its prefix in `.env`, the memory it needs in GiB, its share of the card, and its command."""

    name: str
    needs: float
    share: float
    command: list[str]


def card() -> Card:
    """Return the card that is visible here.

    Raises:
        CannotRunError: there is none.
    """
    try:
        listed = subprocess.run(QUERY, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - fixed
        name, mib, capability = (one.strip() for one in listed.splitlines()[0].rsplit(",", 2))
    except (OSError, subprocess.CalledProcessError, IndexError, ValueError) as error:
        raise CannotRunError(
            "No NVIDIA card can be seen in this container. Install NVIDIA's driver and container toolkit on the "
            "machine, or leave out --profile gpu: the stand-in answers without."
        ) from error
    return Card(name, float(mib) / MIB_A_GIB, float(capability))


def checked(wanted: Wanted, found: Card) -> list[str]:
    """Return the command for this card.

    Raises:
        CannotRunError: the card is too old, or too small.
    """
    if found.capability < OLDEST:
        raise CannotRunError(
            f"{found.name} has compute capability {found.capability:g}, and vLLM wants {OLDEST:g}: see docs/gpu.md "
            "for what runs on it."
        )
    given = found.gib * wanted.share
    if given < wanted.needs:
        raise CannotRunError(
            f"{found.name} is too small: {wanted.share:.0%} of its {found.gib:.1f} GiB is {given:.1f} GiB, and "
            f"{wanted.command[2]} needs {wanted.needs:g} GiB. Choose a smaller model ({wanted.name}_NAME, "
            f"{wanted.name}_NEEDS_GIB), a larger share ({wanted.name}_GPU_SHARE) or another card ({wanted.name}_GPU); "
            "`shopdesk models plan` works out what fits. Until then the stand-in answers."
        )
    half = ["--dtype=half"] if found.capability < BFLOAT16 else []
    return [*wanted.command, *half]


def wait_for(url: str) -> None:
    """Wait until the server before this one is healthy, however long its download takes."""
    said = False
    while not _is_healthy(url):
        if not said:
            _say(f"Waiting for {url} …")
            said = True
        time.sleep(ASKED_EVERY_S)


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=ASKED_EVERY_S) as answer:  # noqa: S310 - an address of our own
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def main(arguments: list[str]) -> None:
    """Check the card, wait for the server before this one, and become the model server."""
    parser = argparse.ArgumentParser(description="Start a model server if this card can hold it.")
    parser.add_argument("--name", required=True, help="prefix of its variables in .env, such as MODEL1")
    parser.add_argument("--needs", type=float, required=True, help="memory it needs, in GiB")
    parser.add_argument("--share", type=float, required=True, help="share of the card it may use, 0 to 1")
    parser.add_argument("--after", default="", help="address that has to answer first")
    parser.add_argument("command", nargs="+", help="the server and its options, after --")
    told = parser.parse_args(arguments)
    try:
        command = checked(Wanted(told.name, told.needs, told.share, told.command), card())
    except CannotRunError as error:
        _say(str(error))
        return
    if told.after:
        wait_for(told.after)
    os.execvp(command[0], command)  # noqa: S606 - the command of docker-compose.yaml


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
