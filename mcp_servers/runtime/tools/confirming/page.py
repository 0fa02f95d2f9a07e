"""This shop's page, as the tool servers know it: the link of a question there, and whether it answers at all."""

import hmac
import secrets
import time
from urllib.parse import urlsplit

import httpx2

from storage.settings import Settings
from storage.tokens import proof_of_shop

PROBE_S = 1.0
"""How long the page may take to answer. A port of this machine that nobody listens on is refused at once."""

KNOWN_S = 2.0
"""How long an answer counts, so that a call that asks several times looks once."""

HERE = ("127.0.0.1", "localhost", "::1")


class Page:
    """The page at `PUBLIC_UI_URL`."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.public_ui_url
        self._settings = settings
        self._known: tuple[float, bool] | None = None

    def link_of(self, change_id: str) -> str:
        """Return where a question is answered."""
        return f"{self.url}/confirm/{change_id}"

    async def answers(self) -> bool:
        """Return whether this shop's page, and not another program, answers at its address.

        It has to prove that it holds the shop's key: another shop's page could not show this shop's questions.
        """
        if self._known is None or self._known[0] < time.monotonic() - KNOWN_S:
            self._known = (time.monotonic(), await self._asked())
        return self._known[1]

    async def _asked(self) -> bool:
        nonce = secrets.token_urlsafe(16)
        # A proxy of this machine's environment is not for this machine itself.
        outside = urlsplit(self.url).hostname not in HERE
        try:
            async with httpx2.AsyncClient(timeout=PROBE_S, trust_env=outside) as http:
                answer = await http.get(f"{self.url}/api/shop/{nonce}")
            told = answer.json()
        except (httpx2.HTTPError, ValueError):
            return False
        proof = told.get("proof") if isinstance(told, dict) else None
        return isinstance(proof, str) and hmac.compare_digest(
            proof.encode(), proof_of_shop(self._settings.secret, nonce).encode()
        )
