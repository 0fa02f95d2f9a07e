"""The offline embedder leaves the program it is loaded into as it was."""

import subprocess
import sys

EMBED_AND_LOG = """
import logging
from knowledge.indexes.embed import OfflineEmbedder
OfflineEmbedder().embed(["How long do refunds take?"])
logging.getLogger("some.library").info("a line nobody asked for")
print(logging.getLogger().handlers, logging.getLogger().level == logging.WARNING)
"""


def test_loading_the_weights_does_not_make_other_libraries_log() -> None:
    done = subprocess.run([sys.executable, "-c", EMBED_AND_LOG], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[] True\n"
    assert done.stderr == ""
