"""Reads lists of arguments, in JSON, as `vllm serve` does: `python arguments.py < LISTS`; refuses unknown ones."""

import json
import sys

from vllm.entrypoints.launchers.cli_args import make_arg_parser
from vllm.utils.argparse_utils import FlexibleArgumentParser

if __name__ == "__main__":
    parser = make_arg_parser(FlexibleArgumentParser())
    for arguments in json.load(sys.stdin):
        read = parser.parse_args(arguments)
        told = {"kv_cache_memory_bytes": read.kv_cache_memory_bytes, "limit": read.limit_mm_per_prompt}
        sys.stdout.write(f"{json.dumps(told)}\n")
