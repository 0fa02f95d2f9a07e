"""Reassembles streamed tool calls, however a server splits and numbers the pieces."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from team.models.dialects.arguments import NoObjectError, arguments_of
from team.models.dialects.table import ARGUMENT_KEYS

FEWEST = 2
"""How many pieces of arguments it takes before they can be resent ones."""

EMPTY = frozenset({"{}", "null"})
MOST_CALLS = 16
"""Per reply; a server that sends more is repeating itself."""


@dataclass
class Begun:
    """A call that has partly arrived."""

    index: object
    id: str
    name: str
    pieces: list[str] = field(default_factory=list)

    @property
    def arguments(self) -> str:
        """The arguments so far; if the server resends them whole, the last version."""
        joined = "".join(self.pieces)
        if len(self.pieces) < FEWEST or is_object(joined):
            return joined
        # Some servers start with an empty object, then send the real one.
        first, last = self.pieces[0], self.pieces[-1]
        rest = self.pieces[1:] if first.strip() in EMPTY else self.pieces
        before = "".join(rest[:-1])
        grows = all(after.startswith(part) for part, after in pairwise(rest))
        return last if grows or (is_object(last) and last == before) else "".join(rest)


class Calls:
    """The calls of one reply. `offered` are the names a call may have."""

    def __init__(self, offered: Collection[str]) -> None:
        self._offered = offered
        self._begun: list[Begun] = []

    def __len__(self) -> int:
        return len(self._begun)

    def add(self, delta: Mapping[str, Any]) -> str:
        """Add a piece of a call, and return the text that came with it.

        A piece with a name starts a new call if its id differs, or if the previous call's arguments are complete. The
        index
        alone says little: some servers send none, some send 0 for every call.
        """
        function = delta.get("function") or delta
        if not isinstance(function, Mapping):
            function = {**delta, "name": function}
        name, id_ = str(function.get("name") or ""), str(delta.get("id") or "")
        piece = _text(next((function[key] for key in ARGUMENT_KEYS if key in function), None))
        call = self._meant(delta.get("index"), id_, name)
        if call is None or (name and self._is_another(call, id_, name)):
            call = Begun(delta.get("index"), id_, "")
            self._begun.append(call)
        call.id = call.id or id_
        if name != call.name and call.name not in self._offered:
            call.name += name
        if piece:
            call.pieces.append(piece)
        return piece

    def as_delta(self) -> list[dict[str, Any]]:
        """Return every call complete, in the form of a server that numbers them."""
        return [
            {
                "index": index,
                "id": "" if one.id in {other.id for other in self._begun[:index]} else one.id,
                "type": "function",
                "function": {"name": one.name, "arguments": one.arguments},
            }
            for index, one in enumerate(self._begun)
        ]

    def _meant(self, index: object, id_: str, name: str) -> Begun | None:
        """Return the call that a piece continues, if its id or index matches one that has begun.

        Some servers give every call the same id: a name at another index begins a call of its own.
        """
        known = [one for one in self._begun if id_ and one.id == id_]
        if known and not (name and index not in [None, *(one.index for one in known)]):
            return known[-1]
        if index is None:
            return self._begun[-1] if self._begun else None
        return next((one for one in reversed(self._begun) if one.index == index), None)

    def _is_another(self, call: Begun, id_: str, name: str) -> bool:
        if not call.name or (id_ and id_ == call.id):
            return False
        if not call.pieces:
            return bool(id_ and call.id) or (call.name in self._offered and name != call.name)
        return is_object(call.arguments)


def is_object(arguments: str) -> bool:
    """Whether this text is a call's complete arguments."""
    try:
        return bool(arguments.strip()) and isinstance(arguments_of(arguments), dict)
    except NoObjectError:
        return False


def _text(arguments: object) -> str:
    """Return arguments as the text they should have been sent as; empty for none."""
    if arguments is None:
        return ""
    return arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
