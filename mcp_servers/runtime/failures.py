"""What kind of failure a failed call is, in the `_meta` of its result: for programs, since models read the text."""

import re
from collections.abc import Mapping
from typing import Any

from storage.errors import NotFoundError, ShopError, UnavailableError, WrongRequestError
from storage.outages import OUTAGES, NoTextError
from storage.process.limits import LimitError

ERROR = "shopdesk/error"

KINDS: Mapping[str, tuple[type[ShopError], ...]] = {
    "not_found": (NotFoundError,),
    "limited": (LimitError,),
    "unavailable": (UnavailableError, *OUTAGES),
    "invalid": (WrongRequestError, NoTextError),
}
REFUSED = "refused"
"""By a rule of the shop: what every other `ShopError` is."""

INVALID_ARGUMENTS = {ERROR: {"kind": "invalid", "code": "bad_arguments"}}
UNKNOWN_TOOL = {ERROR: {"kind": "unknown", "code": "unknown_tool"}}
FAULT = {ERROR: {"kind": "fault", "code": "failed"}}
"""An error on our side, which the log has."""


def meta_of(refusal: ShopError) -> dict[str, Any]:
    """Return a refusal's kind, its code (its class in words), and in how many seconds to try again, if it says so."""
    kind = next((kind for kind, errors in KINDS.items() if isinstance(refusal, errors)), REFUSED)
    words: list[str] = re.findall(r"[A-Z][a-z]+", type(refusal).__name__.removesuffix("Error"))
    told = {"kind": kind, "code": "_".join(word.lower() for word in words)}
    wait_s = getattr(refusal, "wait_s", None)
    return {ERROR: told if wait_s is None else {**told, "wait_s": wait_s}}
