"""Run the page: `python -m ui`."""

import asyncio
import contextlib
import sys

from storage.process.logs import log_plainly
from storage.settings import CannotStartError, load_settings
from ui.serve import serve

if __name__ == "__main__":
    log_plainly()
    try:
        # Ctrl-C is how a page is ended; uvicorn has closed everything by the time it gets here.
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(load_settings()))
    except CannotStartError as error:
        sys.stderr.write(f"shopdesk: {error}\n")
        sys.exit(2)
