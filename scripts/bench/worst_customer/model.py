"""The stand-in, with a separate process for the attacker's requests.

`python -m scripts.bench.worst_customer.model PORT PORT` serves both.

A GPU answers many requests concurrently, whatever they are. The stand-in is a single process that the longest messages
would block, and that cost is not the shop's.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from scripts.bench.worst_customer.messages import MARK
from team.standin.__main__ import MODELS
from team.standin.completion import Reply
from team.standin.mind import answer
from team.standin.server import serve
from team.standin.wire import ChatRequest

WORD_MS = 15
CALLS_AT_ONCE = 64
NICE = 19
"""It stands for another machine, so it yields the CPU to everything else on this one."""


async def main(ports: list[int]) -> None:
    """Serve both models until stopped."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(CALLS_AT_ONCE))
    # uvicorn raises the signal again on exit, which would leave the other process behind.
    loop.add_signal_handler(signal.SIGTERM, lambda: None)
    spawned = multiprocessing.get_context("spawn")
    apart = ProcessPoolExecutor(1, mp_context=spawned, initializer=os.nice, initargs=(NICE,))

    def mind(asked: ChatRequest) -> Reply:
        return apart.submit(answer, asked).result() if MARK in asked.model_dump_json() else answer(asked)

    try:
        await serve(zip(ports, MODELS, strict=True), delay_ms=WORD_MS, mind=mind)
    finally:
        apart.shutdown(wait=False, cancel_futures=True)


if __name__ == "__main__":
    asyncio.run(main([int(port) for port in sys.argv[1:]]))
